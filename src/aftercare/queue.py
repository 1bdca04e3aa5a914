"""The Celery app. Celery moves work and never remembers it: a message carries at most an id, expires in a
minute where it is only a wake-up, and losing the whole broker costs one sweep (design section 2)."""

import logging

import structlog
from celery import Celery
from kombu.exceptions import ChannelError, OperationalError

from aftercare.config import Settings
from aftercare.domain.lanes import ALERTS

log = structlog.get_logger()

WAKE_UP_EXPIRES = 60
"""Seconds: an outage must not pile up sweeps that all run at once afterwards."""

VISIBILITY_TIMEOUT = 300
"""Seconds until Redis hands out a task whose worker died. A `deliver` on a very slow relay may outlast it; a
doubled one is harmless because work is claimed from the table."""

BEAT = "beat"
"""Who asks for a sweep, where it is a beat: so that `aftercare doctor` can tell a missing one."""

PRIORITY = {"deliver": 6, "plan_waiting": 6, "enrol_subscribers": 6}
"""Redis hands out 0, the others, first: where every process is busy sending or planning what was left over,
the next one that is free sweeps and plans what was just logged, however many of those wait (P6)."""

FIRST = ("deliver", ALERTS)
"""Sending that does not wait behind other sending."""

celery_app = Celery("aftercare", include=["aftercare.tasks"], set_as_current=False)

OPTIONS = {
    "accept_content": ["json"],
    "task_serializer": "json",
    "task_ignore_result": True,
    "task_store_errors_even_if_ignored": False,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "enable_utc": True,
    "timezone": "UTC",
    "beat_scheduler": "celery.beat:Scheduler",
    "beat_max_loop_interval": 5,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    # A lost broker must not kill a process in the middle of a transmission: what it does is known from the
    # table, and a doubled task is harmless.
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 2,
    "broker_transport_options": {
        "visibility_timeout": VISIBILITY_TIMEOUT,
        "socket_timeout": 10,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "polling_interval": 0.05,
        # Of publishing, not of the workers' own connections, which try for ever: who logs a session while
        # the broker is away must not wait for it.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
    },
    "task_publish_retry": False,
    "task_default_queue": "aftercare",
    "worker_redirect_stdouts": False,
}


def configure(settings: Settings) -> Celery:
    """Point the app at the broker of these settings; returns it."""
    if celery_app.conf.broker_url not in (None, settings.broker_url):
        _forget_connections()
    celery_app.conf.update(OPTIONS)
    celery_app.conf.broker_url = settings.broker_url
    celery_app.conf.beat_schedule = {
        "sweep": {
            "task": "aftercare.sweep",
            "schedule": settings.sweep_every,
            "args": (BEAT,),
            "options": {"expires": WAKE_UP_EXPIRES},
        }
    }
    return celery_app


def _forget_connections() -> None:
    """Celery keeps the connections of the first broker that it was given, whatever the settings say later.
    Where one process serves two (a test, then the demo), tasks would go to the wrong one."""
    celery_app.close()
    celery_app.__dict__.pop("amqp", None)


def submit(name: str, *args: str, expires: int | None = None) -> bool:
    """Ask a worker to run the task `aftercare.<name>` with these ids.

    False where the broker cannot be reached: nothing is lost, the sweep finds the work in the tables."""
    try:
        priority = 0 if (name, *args) == FIRST else PRIORITY.get(name, 0)
        celery_app.send_task(f"aftercare.{name}", args=args, expires=expires, priority=priority)
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", task=name, error=type(error).__name__)
        return False
    return True


def in_one_line(record: logging.LogRecord) -> bool:
    """A filter of beat's log: while the broker is away, each tick is a warning of one line, no traceback."""
    error = record.exc_info[1] if record.exc_info else None
    cause = error and (error.__context__ or error)
    if isinstance(cause, OperationalError | OSError):
        record.msg, record.args = f"broker_unreachable ({type(cause).__name__}): no sweep was asked for", ()
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = None
    return True


def waiting() -> int | None:
    """How many tasks wait in the broker; None where it cannot be reached within some seconds."""
    try:
        with celery_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            queue = celery_app.conf.task_default_queue
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:
        return 0  # an empty queue is none at all in Redis
    except (OperationalError, OSError):
        return None


def workers_that_answer(seconds: float = 1.0) -> int:
    """How many workers answer a ping within `seconds`; 0 where the broker is away."""
    try:
        return len(celery_app.control.ping(timeout=seconds))
    except (OperationalError, OSError):
        return 0
