"""An app whose task queue is a list in memory, and days that pass in an instant: for journey tests."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aftercare import bootstrap, tasks
from aftercare.bootstrap import App
from aftercare.clock import SteppedClock
from aftercare.config import Settings
from aftercare.store import messages

TASKS: dict[str, Callable[..., None]] = {
    "schedule_followups": tasks.schedule_followups,
    "sweep": tasks.sweep,
    "deliver": tasks.deliver,
}


@dataclass
class InlineApp(App):
    """An `App` that keeps submitted tasks and runs them when told; the tasks are the real ones."""

    waiting: deque[tuple[str, tuple[str, ...]]] = field(default_factory=deque)
    broker_is_up: bool = True

    def submit(self, name: str, *args: str, expires: int | None = None) -> bool:
        """Keep the task; False, and forgotten, while `broker_is_up` is False."""
        if self.broker_is_up:
            self.waiting.append((name, args))
        return self.broker_is_up

    def drain(self) -> None:
        """Run waiting tasks, and those that they submit, until none is left."""
        bootstrap.use(self)
        while self.waiting:
            name, args = self.waiting.popleft()
            TASKS[name](*args)

    def sweep(self) -> None:
        """One sweep and everything that follows from it."""
        self.submit("sweep")
        self.drain()


def inline_app(settings: Settings, start: datetime) -> InlineApp:
    """An inline app whose clock stands at `start`."""
    built = bootstrap.build(settings, clock=SteppedClock(start))
    app = InlineApp(built.settings, built.engine, built.clock, built.secret_keys, built.current_key)
    bootstrap.use(app)
    return app


def pass_time(app: InlineApp, until: datetime) -> None:
    """Let time pass up to `until`, visiting every instant at which something is due."""
    clock = app.clock
    assert isinstance(clock, SteppedClock)
    app.sweep()
    while (due := _next_due(app)) is not None and due <= until:
        clock.set(due)
        app.sweep()
    clock.set(until)
    app.sweep()


def _next_due(app: App) -> datetime | None:
    with app.reading() as db:
        return messages.next_due(db, app.clock.now())
