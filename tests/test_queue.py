"""The Celery app of a process."""

from aftercare import queue
from aftercare.config import Settings

NOWHERE = Settings(broker_url="redis://127.0.0.1:1/0")


def test_a_broker_that_is_away_is_said_and_not_raised() -> None:
    queue.configure(NOWHERE)
    assert not queue.submit("sweep")
    queue.configure(Settings())


def test_tasks_go_to_the_broker_of_the_latest_settings() -> None:
    queue.configure(NOWHERE)
    queue.submit("sweep")
    queue.configure(Settings())
    assert queue.submit("sweep")
    with queue.celery_app.connection_for_write() as connection:
        connection.default_channel.queue_purge("aftercare")
