"""Worker and beat as threads inside one process: the small size of the same code."""

import threading
from types import TracebackType
from typing import Self

import celery.beat
from celery.beat import EmbeddedService
from celery.worker import state

from aftercare import bootstrap, tasks  # noqa: F401 - importing the tasks registers them with the app
from aftercare.bootstrap import App
from aftercare.queue import celery_app

READY_SECONDS = 15
GRACE_SECONDS = 3
"""How long a stop waits for tasks that are running. What is left over is found after its lease: claimed rows
go out then, rows on the wire are in doubt."""
_CYCLES_TO_THE_END = 2
"""So often the worker waits for a message, up to 2 s each, before it has seen that it is to end."""


class EmbeddedWorker:
    """Context manager: a Celery worker of two threads, and a beat unless told otherwise.

    The worker is started by hand because `celery worker -B` forks, and a fork would get an in-memory
    queue of its own that nobody reads."""

    def __init__(self, app: App, *, beat: bool = True) -> None:
        bootstrap.use(app)
        self._ready = threading.Event()
        self._worker = celery_app.WorkController(
            pool="threads",
            concurrency=2,
            hostname="embedded@localhost",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            optimization="fair",
            quiet=True,
            ready_callback=lambda _consumer: self._ready.set(),
        )
        self._thread = threading.Thread(target=self._worker.start, name="celery-worker", daemon=True)
        self._beat = EmbeddedService(celery_app, thread=True, scheduler_cls=celery.beat.Scheduler)
        self._with_beat = beat

    def __enter__(self) -> Self:
        """Start, and return when the worker listens."""
        state.should_stop = state.should_terminate = None
        self._thread.start()
        if not self._ready.wait(READY_SECONDS):
            raise RuntimeError("The embedded worker did not start.")
        if self._with_beat:
            self._beat.daemon = True
            self._beat.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop within `GRACE_SECONDS`, also in the middle of a task."""
        if self._with_beat:
            self._beat.service.stop(wait=False)
        state.should_stop = 0
        for _ in range(_CYCLES_TO_THE_END):
            celery_app.control.broadcast("ping")
        self._thread.join(GRACE_SECONDS)
        if not self._thread.is_alive():
            state.should_stop = None  # kept per process: it would tell the next worker in this one, too
