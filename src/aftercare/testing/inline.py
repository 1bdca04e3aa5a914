"""An app whose task queue is a list in memory, and days that pass in an instant: for journey tests."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from aftercare import bootstrap, tasks
from aftercare.bootstrap import App
from aftercare.clock import SteppedClock
from aftercare.config import Settings
from aftercare.store import dispatch, enrolments, messages, recovery, sandbox
from aftercare.store.engine import open_engine

WHILE_SOMETHING_IS_OVERDUE = timedelta(minutes=5)
"""Sweeps this far apart where due work is left over, such as behind an open breaker."""

TASKS: dict[str, Callable[..., None]] = {
    "schedule_followups": tasks.schedule_followups,
    "schedule_appointment": tasks.schedule_appointment,
    "plan_waiting": tasks.plan_waiting,
    "enrol_subscribers": tasks.enrol_subscribers,
    "sweep": tasks.sweep,
    "deliver": tasks.deliver,
    "travel": tasks.travel,
}

_engines: dict[str, Engine] = {}


class LabClock(SteppedClock):
    """A stepped clock whose `unshifted` steps along, so that leases, breakers and reconcile waits run out
    in simulated time too. Nothing takes any time in it."""

    def unshifted(self) -> datetime:
        """The instant that was set last."""
        return self.current


@dataclass
class InlineApp(App):
    """An `App` that keeps submitted tasks and runs them when told; the tasks are the real ones."""

    waiting: deque[tuple[str, tuple[str, ...]]] = field(default_factory=deque)
    broker_is_up: bool = True

    def submit(self, name: str, *args: str, expires: int | None = None) -> bool:  # noqa: ARG002 - time stands still here
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
    return _inline(bootstrap.build(settings, clock=LabClock(start), engine=engine_for(settings.database)))


def sandbox_app(settings: Settings, start: datetime | None = None) -> InlineApp:
    """An inline app of a sandbox: on the database's own clock, which shows `start` first."""
    built = bootstrap.build(settings, engine=engine_for(settings.database))
    if start is not None:
        with built.transaction() as db:
            sandbox.lock_offset(db)
            sandbox.set_offset(db, start - built.clock.unshifted())
    return _inline(built)


def engine_for(url: str) -> Engine:
    """The engine for this address, the same one as long as the process lives: it remembers the SQL that it
    has put into words, which takes longer than most tests. `dispose()` only lets go of its connections."""
    if url not in _engines:
        _engines[url] = open_engine(url)
    return _engines[url]


def pass_time(app: InlineApp, until: datetime) -> None:
    """Let time pass up to `until`, visiting every instant at which something is due."""
    clock = app.clock
    assert isinstance(clock, SteppedClock)
    _sweep(app)
    while (instant := _next_instant(app)) is not None and instant <= until:
        clock.set(instant)
        _sweep(app)
    clock.set(until)
    _sweep(app)


def _sweep(app: InlineApp) -> None:
    """Once more where a run has come to its end: nothing that is due would bring anybody back for that."""
    app.sweep()
    with app.reading() as db:
        is_over = app.broker_is_up and enrolments.anything_over(db)
    if is_over:
        app.sweep()


def _inline(built: App) -> InlineApp:
    app = InlineApp(built.settings, built.engine, built.clock, built.secret_keys, built.current_key)
    bootstrap.use(app)
    return app


def _next_instant(app: InlineApp) -> datetime | None:
    now = app.clock.now()
    with app.reading() as db:
        overdue = app.broker_is_up and dispatch.senders_with_due_work(db, now)
        stops = messages.next_due(db, now), recovery.next_pause_end(db, now)
    due = min(filter(None, stops), default=None)
    soon = now + WHILE_SOMETHING_IS_OVERDUE
    return min(soon, due or soon) if overdue else due
