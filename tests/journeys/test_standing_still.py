"""Pauses and holds: mail stands still, and comes back without a burst."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from aftercare.flows import clients, enrolments, sequences
from aftercare.store import clients as client_rows
from tests.journeys.harness import STRONG, Journey


def _pause(journey: Journey, slug: str = "after-your-visit") -> int:
    with journey.app.transaction() as db:
        return sequences.pause(db, journey.clinic_id, slug, by="sam", now=journey.now)


def _resume(journey: Journey, slug: str = "after-your-visit") -> None:
    with journey.app.transaction() as db:
        sequences.resume(db, journey.clinic_id, slug, by="sam", now=journey.now)


def _hold(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, client, reason="asked", by="sam", now=journey.now)


def _release(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        clients.release(db, journey.clinic_id, client, by="sam", now=journey.now)


def test_a_paused_sequence_sends_nothing_and_goes_on_with_what_is_not_too_late(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    journey.visit(maya)
    journey.visit(ravi, STRONG)
    journey.live(hours=6)
    assert _pause(journey) == 1
    journey.live(days=4)
    assert journey.mail(maya) == ["evening-plan Mon 23 17:00"]
    assert len(journey.mail(ravi)) == 4
    _resume(journey)
    journey.live(days=10)
    assert journey.mail(maya)[1:] == ["quiet-minutes Sun 29 18:00", "how-are-things Thu 03 10:00"]
    assert journey.fates(maya)["short-walk"] == "skipped: expired"


def test_a_run_that_starts_in_a_paused_sequence_waits_with_it(journey: Journey) -> None:
    _pause(journey)
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=4)
    assert set(journey.fates(maya).values()) == {"held: sequence_paused"}
    _resume(journey)
    journey.live(days=12)
    assert journey.mail(maya)[0] == "evening-plan Mon 23 18:00"
    assert len(journey.mail(maya)) == 5


def test_a_held_client_gets_nothing_and_no_burst_when_released(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    _hold(journey, maya)
    journey.live(days=3)
    assert set(journey.fates(maya).values()) == {"held: held"}
    _release(journey, maya)
    journey.live(days=12)
    assert journey.mail(maya) == [
        "short-walk Thu 26 14:00",
        "quiet-minutes Sun 29 18:00",
        "how-are-things Thu 03 10:00",
    ]
    assert journey.fates(maya)["two-minutes-with-a-pen"] == "skipped: expired"


def test_whoever_is_held_in_a_paused_sequence_waits_for_both(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    _hold(journey, maya)
    _pause(journey)
    _release(journey, maya)
    journey.live(hours=5)
    assert journey.mail(maya) == []
    _resume(journey)
    journey.live(days=12)
    assert len(journey.mail(maya)) == 5


def test_holding_and_releasing_twice_changes_nothing(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    for _ in range(2):
        _hold(journey, maya)
    for _ in range(2):
        _release(journey, maya)
    journey.live(days=12)
    assert len(journey.mail(maya)) == 5


def test_a_run_that_starts_in_the_very_moment_of_a_pause_waits_too(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.log_session(maya, journey.now)
    with ThreadPoolExecutor(1) as pool:
        with journey.app.transaction() as db:
            enrolments.schedule_followups(db, session, now=journey.now)
            pausing = pool.submit(_pause, journey)
            wait([pausing], timeout=0.3)
        assert pausing.result() == 1
    assert set(journey.fates(maya).values()) == {"held: sequence_paused"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_pause_that_meets_a_newcomer_and_a_sender_closes_no_ring(journey: Journey) -> None:
    newcomer, present = sorted((journey.add_client(), journey.add_client("ravi@example.com")))
    journey.visit(present)
    session = journey.log_session(newcomer, journey.now)

    def lock_both() -> None:
        with journey.app.transaction() as db:
            client_rows.lock_all(db, [newcomer, present])

    with ThreadPoolExecutor(2) as pool:
        with journey.app.transaction() as db:
            enrolments.schedule_followups(db, session, now=journey.now)
            pausing = pool.submit(_pause, journey)
            wait([pausing], timeout=0.2)
            sending = pool.submit(lock_both)
            wait([sending], timeout=0.2)
        sending.result()
        assert pausing.result() == 2
