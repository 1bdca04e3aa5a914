"""Production processes: `celery -A aftercare.worker worker` and `celery -A aftercare.worker beat`."""

import logging
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from celery import Task, bootsteps, signals

from aftercare.config import read_settings
from aftercare.logs import configure_logging
from aftercare.queue import WAKE_UP_EXPIRES, configure, in_one_line, submit

log = structlog.get_logger()

SWEEPS_MISSED = 6
"""A worker asks for a sweep by itself after so many times `sweep_every`: without any beat, emails are late by
half a minute and no more (reliability F9)."""

QUIET_TASKS = ("aftercare.sweep",)
"""Every few seconds, day and night: said at debug level."""

_settings = read_settings()
_started: dict[str, float] = {}


class OwnSweeps(bootsteps.StartStopStep):
    """A beat is a convenience, not a need."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        """Ask from now on."""
        self.timer = parent.timer.call_repeatedly(
            SWEEPS_MISSED * _settings.sweep_every, submit, ("sweep",), {"expires": WAKE_UP_EXPIRES}
        )

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        """Ask no more."""
        self.timer.cancel()


@signals.setup_logging.connect
def _our_logging(loglevel: int | None = None, **_: Any) -> None:
    configure_logging(**({} if loglevel is None else {"others": loglevel}))


@signals.beat_init.connect
def _watch_beat(**_: Any) -> None:
    # Only in the beat: in a worker this signal would say that it asks, not that it works.
    signals.after_task_publish.connect(_leave_sign_of_life)
    logging.getLogger("celery.beat").addFilter(in_one_line)


@signals.task_success.connect
@signals.worker_ready.connect
def _leave_sign_of_life(**_: Any) -> None:
    """The container's health check looks at the file's age: a worker that lives but no longer gets tasks, or
    whose tasks all fail, must not count as healthy."""
    if _settings.alive_file:
        Path(_settings.alive_file).touch()


@signals.task_prerun.connect
def _task_begins(task_id: str, task: Task, **_: Any) -> None:
    _started[task_id] = monotonic()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@signals.task_postrun.connect
def _task_ends(task_id: str, task: Task, args: tuple[str, ...], state: str | None, **_: Any) -> None:
    milliseconds = round(1000 * (monotonic() - _started.pop(task_id, monotonic())))
    say = log.debug if task.name in QUIET_TASKS and state == "SUCCESS" else log.info
    say("task", args=list(args), state=state, ms=milliseconds)
    structlog.contextvars.unbind_contextvars("task", "task_id")


configure_logging()
app = configure(_settings)
app.steps["worker"].add(OwnSweeps)
