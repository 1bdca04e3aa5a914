"""What the preview says of an email whose moment has passed is what becomes of it."""

from datetime import timedelta
from itertools import cycle

import pytest

from aftercare.flows import preview, sessions
from aftercare.flows.preview import Preview
from aftercare.flows.sessions import SessionFacts
from aftercare.store import enrolments
from aftercare.testing.inline import pass_time
from tests.factories import World

ZONES = ("America/Los_Angeles", "America/New_York", "Europe/London", "Asia/Kathmandu", "Asia/Tokyo")
LOGGED_LATE = (0, 4.5, 11, 26, 50)
"""Hours after the session."""


def log(world: World, client_id: str, hours: float, outcome: str, by: str) -> tuple[str, Preview]:
    """Log a session so many hours late; its id, and what was said to follow."""
    now = world.app.clock.now()
    facts = SessionFacts(client_id=client_id, ended_at=now - timedelta(hours=hours), outcome=outcome)
    with world.app.transaction() as db:
        shown = preview.preview_facts(db, world.clinic_id, facts, by=by, now=now)
        logged = sessions.log_session(db, world.clinic_id, facts, by=by, now=now)
    world.app.submit("schedule_followups", logged.id)
    return logged.id, shown


def fates(world: World, client_id: str, session_id: str) -> list[tuple[object, ...]]:
    """What became of the emails of a session."""
    with world.app.reading() as db:
        runs = {run.id for run in enrolments.of_session(db, session_id)}
    rows = [row for row in world.messages(client_id) if row.enrolment_id in runs]
    return sorted((row.step_key, row.planned_for, row.sent_at, row.reason == "expired") for row in rows)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_email_leaves_when_the_preview_says_or_not_at_all(world: World) -> None:
    outcomes = cycle(["ordinary", "strong_feelings", "ordinary"])
    by = cycle(["staff:sta_1", "api:tok_1"])
    people = [(zone, hours) for zone in ZONES for hours in LOGGED_LATE]
    cast = [
        (world.add_client(f"c{number}@example.com", timezone=zone), hours)
        for number, (zone, hours) in enumerate(people)
    ]
    for client, _ in cast[::2]:
        world.log_session(client, world.app.clock.now())
    pass_time(world.app, world.app.clock.now() + timedelta(hours=29))
    logged = [(client, *log(world, client, hours, next(outcomes), next(by))) for client, hours in cast]
    pass_time(world.app, world.app.clock.now() + timedelta(days=16))
    for client, session_id, shown in logged:
        said = sorted((one.step, one.planned_for, one.leaves_at, one.too_late) for one in shown.messages)
        assert said == fates(world, client, session_id)
    said = [one for _, _, shown in logged for one in shown.messages]
    assert any(one.too_late for one in said)
    assert any(one.leaves_at and one.leaves_at > one.planned_for for one in said)
