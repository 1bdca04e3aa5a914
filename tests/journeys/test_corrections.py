"""Sessions that were logged wrongly, and clients who move."""

from datetime import datetime, timedelta

import pytest

from aftercare.errors import Conflict
from aftercare.flows import clients, consent, sessions
from tests.journeys.harness import STRONG, Journey


def _cancel(journey: Journey, session: str) -> None:
    with journey.app.transaction() as db:
        sessions.cancel_session(db, journey.clinic_id, session, by="sam", now=journey.now)


def _correct(
    journey: Journey, session: str, *, outcome: str | None = None, ended_at: datetime | None = None
) -> None:
    with journey.app.transaction() as db:
        sessions.correct_session(
            db,
            journey.clinic_id,
            session,
            outcome=outcome,
            ended_at=ended_at,
            by="sam",
            now=journey.now,
        )
    journey.app.submit("schedule_followups", session)
    journey.app.drain()


def test_a_cancelled_session_sends_nothing_more_and_can_be_logged_again(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.visit(maya)
    for _ in range(2):
        _cancel(journey, session)
    assert set(journey.fates(maya).values()) == {"cancelled: session_cancelled"}
    journey.visit(maya)
    journey.live(days=14)
    assert len(journey.mail(maya)) == 5


def test_a_cancelled_session_cannot_be_corrected(journey: Journey) -> None:
    session = journey.visit(journey.add_client())
    _cancel(journey, session)
    with pytest.raises(Conflict, match="cancelled"):
        _correct(journey, session, outcome=STRONG)


def test_another_end_moves_what_is_unsent_and_leaves_what_is_sent(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.visit(maya)
    journey.live(hours=4)
    _correct(journey, session, ended_at=journey.now - timedelta(days=1, hours=4))
    journey.live(days=14)
    assert journey.mail(maya) == [
        "evening-plan Mon 23 17:00",
        "two-minutes-with-a-pen Tue 24 18:00",
        "short-walk Wed 25 10:00",
        "quiet-minutes Sat 28 18:00",
        "how-are-things Wed 02 10:00",
    ]


def test_another_outcome_brings_the_other_sequence_and_back_again(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.visit(maya)
    for outcome in (STRONG, "ordinary", STRONG, "ordinary"):
        _correct(journey, session, outcome=outcome)
    journey.live(days=14)
    assert [line.split()[0] for line in journey.mail(maya)] == [
        "evening-plan",
        "two-minutes-with-a-pen",
        "short-walk",
        "quiet-minutes",
        "how-are-things",
    ]


@pytest.mark.parametrize("slip", [STRONG, "no_aftercare"])
def test_a_slip_taken_back_after_the_first_email_brings_the_rest_and_nothing_twice(
    journey: Journey, slip: str
) -> None:
    maya = journey.add_client()
    session = journey.visit(maya)
    journey.live(hours=4)
    for outcome in (slip, "ordinary", slip, "ordinary"):
        _correct(journey, session, outcome=outcome)
    journey.live(days=14)
    assert journey.mail(maya) == [
        "evening-plan Mon 23 17:00",
        "two-minutes-with-a-pen Tue 24 18:00",
        "short-walk Thu 26 10:00",
        "quiet-minutes Sun 29 18:00",
        "how-are-things Thu 03 10:00",
    ]


def test_a_slip_that_is_mended_with_another_end_counts_the_rest_from_there(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.visit(maya)
    journey.live(hours=4)
    _correct(journey, session, outcome="no_aftercare")
    _correct(journey, session, outcome="ordinary", ended_at=journey.now - timedelta(days=1, hours=4))
    journey.live(days=14)
    assert journey.mail(maya)[:3] == [
        "evening-plan Mon 23 17:00",
        "two-minutes-with-a-pen Tue 24 18:00",
        "short-walk Wed 25 10:00",
    ]


def test_the_outcome_can_be_corrected_after_the_run_was_superseded(journey: Journey) -> None:
    maya = journey.add_client()
    first = journey.visit(maya)
    journey.live(hours=1)
    journey.visit(maya)
    for outcome in (STRONG, "ordinary"):
        _correct(journey, first, outcome=outcome)
    journey.live(days=14)
    # The later visit's emails are back, and the earlier one is no longer the one that counts.
    assert journey.note(first) == "newer_run_active"
    assert len(journey.mail(maya)) == 5


def test_undoing_a_stop_does_not_bring_a_cancelled_session_back(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.visit(maya)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="page", now=journey.now)
    _cancel(journey, session)
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, maya, "aftercare", now=journey.now)
    journey.live(days=14)
    assert journey.mail(maya) == []


def test_emails_follow_a_client_to_another_zone(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    with journey.app.transaction() as db:
        clients.move_zone(db, journey.clinic_id, maya, "America/New_York", by="sam", now=journey.now)
    journey.live(days=14)
    assert journey.mail(maya)[1:] == [
        "two-minutes-with-a-pen Tue 24 18:00",
        "short-walk Thu 26 10:00",
        "quiet-minutes Sun 29 18:00",
        "how-are-things Thu 03 10:00",
    ]
