"""The main flow by its final route: a logged session becomes emails at a real SMTP server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.factories import make_world

from aftercare.testing.inline import pass_time
from aftercare.testing.smtp import RecordingServer

MONDAY_14 = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_an_ordinary_session_sends_five_emails_at_the_hours_of_the_sequence(
    database_url: str, tmp_path: Path, smtp_server: RecordingServer
) -> None:
    world = make_world(database_url, tmp_path, MONDAY_14, smtp_url=smtp_server.url)
    maya = world.add_client()
    world.log_session(maya, MONDAY_14)
    pass_time(world.app, MONDAY_14 + timedelta(days=14))
    assert [(row.step_key, f"{row.sent_at:%d %H:%M}") for row in world.messages(maya)] == [
        ("evening-plan", "23 17:00"),
        ("two-minutes-with-a-pen", "24 18:00"),
        ("short-walk", "26 10:00"),
        ("quiet-minutes", "29 18:00"),
        ("how-are-things", "03 10:00"),
    ]
    assert len(smtp_server.received) == 5
