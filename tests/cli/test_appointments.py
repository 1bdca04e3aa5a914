"""Appointments, and what has happened, by the command line."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.cli.test_commands import client, run, states

from aftercare import bootstrap
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import booked
from aftercare.models import Appointment

__all__ = ["client"]


def _in(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}T15:00"


def test_an_appointment_is_booked_moved_and_cancelled(client: str) -> None:
    appointment = run("appointment", "book", client, "--starts-at", _in(20))
    here = bootstrap.current()
    with here.transaction() as db:
        booked.schedule_appointment(db, appointment, now=here.clock.now())
    assert states(client) == [("what-to-expect", "planned"), ("small-things-for-tomorrow", "planned")]
    run("appointment", "move", appointment, "--starts-at", _in(30))
    with here.reading() as db:
        assert f"{db.get_one(Appointment, appointment).starts_at:%Y-%m-%d}" == _in(30)[:10]
    run("appointment", "cancel", appointment)
    assert states(client) == []
    with pytest.raises(Conflict):
        run("appointment", "move", appointment, "--starts-at", _in(40))
    with pytest.raises(InvalidInput, match="starts_at"):
        run("appointment", "book", client, "--starts-at", "2020-01-01T10:00")


def test_everything_is_stopped_and_a_session_given_to_whom_it_belongs(client: str) -> None:
    session = run("session", "log", client, "--outcome", "ordinary", "--ended-at", "2099-11-23T14:00")
    tom = run("client", "add", "tom@example.com", "--first-name", "Tom")
    assert run("session", "give-to", session, tom).startswith("ses_")
    for _ in range(2):
        run("client", "stop-everything", client, "--reason", "died")
        run("client", "restore", client)
    with pytest.raises(InvalidInput, match="reason"):
        run("client", "stop-everything", client, "--reason", "bored")
