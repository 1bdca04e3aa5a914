"""The Celery app of a process."""

import logging

import pytest
from celery.beat import SchedulingError

from aftercare import queue
from aftercare.config import Settings

NOWHERE = Settings(broker_url="redis://127.0.0.1:1/0")


def test_a_broker_that_is_away_is_said_and_not_raised() -> None:
    queue.configure(NOWHERE)
    assert not queue.submit("sweep")
    queue.configure(Settings())


@pytest.mark.parametrize(
    ("cause", "level", "has_traceback"),
    [(ConnectionRefusedError(), "WARNING", False), (KeyError("a fault of ours"), "ERROR", True)],
)
def test_a_tick_of_beat_without_a_broker_is_one_line(
    cause: Exception, level: str, has_traceback: bool, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("tests.beat")
    log.addFilter(queue.in_one_line)
    failed = SchedulingError("Couldn't apply scheduled task sweep")
    failed.__context__ = cause
    log.error("Message Error: %s\n%s", failed, ["stack"], exc_info=failed)
    assert caplog.records[0].levelname == level
    assert ("\n" in caplog.text.strip()) is has_traceback


def test_tasks_go_to_the_broker_of_the_latest_settings() -> None:
    queue.configure(NOWHERE)
    queue.submit("sweep")
    queue.configure(Settings())
    assert queue.submit("sweep")
    with queue.celery_app.connection_for_write() as connection:
        connection.default_channel.queue_purge("aftercare")


@pytest.mark.parametrize(
    ("task", "priority"), [(("deliver", "main"), 6), (("deliver", "alerts"), 0), (("sweep",), 0)]
)
def test_alerts_are_sent_before_all_that_waits_to_be_sent(task: tuple[str, ...], priority: int) -> None:
    queue.configure(Settings())
    assert queue.submit(*task)
    with queue.celery_app.connection_for_write() as connection:
        message = connection.default_channel.basic_get("aftercare", no_ack=True)
    assert message.properties["priority"] == priority
