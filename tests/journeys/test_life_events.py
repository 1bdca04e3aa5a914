"""One word from staff ends everything for one person, at whatever stage it is."""

from datetime import UTC, datetime

import pytest

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import client_export, consent, consent_request, dispatch, enrolments, life_events
from aftercare.flows.enrolments import CannotStart
from aftercare.models import CareSession
from aftercare.store import audit, clients, sessions
from tests.journeys.harness import Journey

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _stop(journey: Journey, client: str, reason: str = "stop_now") -> bool:
    with journey.app.transaction() as db:
        return life_events.stop_everything(
            db, journey.clinic_id, client, reason, by="staff:sam", now=journey.now
        )


def _take_back(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        life_events.take_stop_back(db, journey.clinic_id, client, by="staff:sam", now=journey.now)


@pytest.mark.parametrize("reason", life_events.REASONS)
def test_what_a_worker_has_claimed_already_does_not_leave(journey: Journey, reason: str) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    claimed = dispatch.claim(journey.app, "main", "slow")
    assert len(claimed) == 1
    assert _stop(journey, maya, reason)
    assert dispatch.send_claimed(journey.app, "main", "slow", claimed) == []
    journey.live(days=20)
    assert journey.mail(maya) == []
    assert set(journey.fates(maya).values()) == {"cancelled: stopped_everything"}


def test_a_row_that_slips_through_is_caught_by_the_last_update(journey: Journey) -> None:
    """As if somebody had planned it by another way: the one statement that decides knows of the stop."""
    maya = journey.add_client(topics=())
    _stop(journey, maya, "died")
    with journey.app.transaction() as db:
        client = clients.lock(db, maya)
        client.stopped_at = None
        consent_request.ask(db, journey.clinic_id, maya, by="sam", now=journey.now)
        client.stopped_at = journey.now
    journey.live(days=1)
    assert journey.mail(maya) == []
    assert journey.fates(maya) == {"may-we-write": "skipped: stopped_everything"}


@ONE_IS_ENOUGH
def test_nothing_starts_any_more_whoever_asks_for_it(journey: Journey) -> None:
    maya = journey.add_client()
    _stop(journey, maya)
    assert journey.note(journey.visit(maya)) == "stopped_everything"
    with journey.app.transaction() as db, pytest.raises(CannotStart):
        enrolments.start_by_hand(db, journey.clinic_id, maya, "after-your-visit", by="sam", now=journey.now)
    journey.live(days=20)
    assert journey.mail(maya) == []


def test_taken_back_by_staff_what_is_not_too_late_goes_on(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    _stop(journey, maya, "died")
    assert _stop(journey, maya, "died") is False
    journey.live(days=4)
    for _ in range(2):
        _take_back(journey, maya)
    journey.live(days=14)
    assert journey.mail(maya) == [
        "evening-plan Mon 23 17:00",
        "quiet-minutes Sun 29 18:00",
        "how-are-things Thu 03 10:00",
    ]
    with journey.app.reading() as db:
        entries = audit.of_subject(db, journey.clinic_id, maya)
    acts = [(entry.action, entry.actor) for entry in entries][-2:]
    assert acts == [("client.stopped", "staff:sam"), ("client.restored", "staff:sam")]


def test_her_own_stop_meanwhile_outlives_it(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    _stop(journey, maya)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="page", now=journey.now)
    _take_back(journey, maya)
    journey.live(days=14)
    assert journey.mail(maya) == ["evening-plan Mon 23 17:00"]


@ONE_IS_ENOUGH
def test_she_cannot_undo_it_from_an_old_link(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="page", now=journey.now)
    _stop(journey, maya)
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, maya, "aftercare", now=journey.now)
    journey.live(days=14)
    assert journey.mail(maya) == []


@ONE_IS_ENOUGH
def test_an_unknown_reason_stops_nothing(journey: Journey) -> None:
    maya = journey.add_client()
    with pytest.raises(InvalidInput, match="reason"):
        _stop(journey, maya, "bored")
    assert journey.client(maya).stopped_at is None


def test_a_session_of_somebody_else_goes_to_whom_it_belongs(journey: Journey) -> None:
    maya, tom = journey.add_client(), journey.add_client("tom@example.com", first_name="Tom")
    mistake = journey.visit(maya)
    with journey.app.transaction() as db:
        moved = life_events.was_somebody_else(
            db, journey.clinic_id, mistake, tom, by="sam", now=journey.now
        ).id
    journey.app.submit("schedule_followups", moved)
    journey.app.drain()
    with journey.app.transaction() as db, pytest.raises(Conflict):
        life_events.was_somebody_else(db, journey.clinic_id, mistake, tom, by="sam", now=journey.now)
    journey.live(days=14)
    assert journey.mail(maya) == []
    assert len(journey.mail(tom)) == 5
    with journey.app.transaction() as db:
        hers, his = (
            client_export.export(db, journey.app, journey.clinic_id, one, by="sam", now=journey.now)
            for one in (maya, tom)
        )
    assert {"care_session", "enrolment", "message"}.isdisjoint(hers)
    assert mistake not in str(hers)
    assert [
        entry["detail"] for entry in hers["audit_entry"] if entry["action"] == "session.somebody_elses"
    ] == [{}]
    assert [row["id"] for row in his["care_session"]] == [moved]
    with journey.app.reading() as db:
        found: CareSession = sessions.get(db, journey.clinic_id, moved)
        assert found.first_session
