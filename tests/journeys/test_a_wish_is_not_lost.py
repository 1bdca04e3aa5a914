"""A wish for a call survives what staff press beside it, and silence."""

import pytest

from aftercare.flows import clients, life_events
from aftercare.flows.alert_board import read_board
from aftercare.flows.today import Today, read_today
from tests.journeys.harness import Journey
from tests.journeys.test_support_path import NOOR, SAM, alert_of, maya, say, to

__all__ = ["maya"]

COLLEAGUE = "staff:colleague"


def today(journey: Journey) -> Today:
    """What staff see in the morning."""
    with journey.app.reading() as db:
        return read_today(db, journey.clinic_id, now=journey.now, unshifted=journey.now)


def stop(journey: Journey, client_id: str, reason: str) -> None:
    """Staff stop everything for her."""
    with journey.app.transaction() as db:
        life_events.stop_everything(db, journey.clinic_id, client_id, reason, by=COLLEAGUE, now=journey.now)


def hold_for_a_complaint(journey: Journey, client_id: str) -> None:
    """Her emails wait for another reason."""
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, client_id, reason="complaint_open", by=COLLEAGUE, now=journey.now)


@pytest.mark.parametrize("instead", ["moved_away", "stop_now"])
def test_a_death_that_was_the_wrong_button_brings_the_wish_back_with_the_right_one(
    journey: Journey, maya: str, instead: str
) -> None:
    say(journey, maya, "call")
    stop(journey, maya, "died")
    assert today(journey).calls == []
    journey.live(minutes=20)
    stop(journey, maya, instead)
    journey.live(minutes=2)
    assert [one.client.id for one in today(journey).calls] == [maya]
    assert len(to(journey, SAM)) == 2
    with journey.app.transaction() as db:
        life_events.take_stop_back(db, journey.clinic_id, maya, by=COLLEAGUE, now=journey.now)
    journey.live(days=1)
    assert [one.client.id for one in today(journey).calls] == [maya]
    assert len(to(journey, NOOR)) == 1


def test_who_waits_for_a_person_stands_on_today_even_without_an_alert(journey: Journey, maya: str) -> None:
    say(journey, maya, "call")
    assert today(journey).on_hold == []
    with journey.app.transaction() as db:
        found = alert_of(journey, maya)
        db.merge(found).closed_at = journey.now
    assert [one.id for one in today(journey).on_hold] == [maya]
    assert today(journey).needs_somebody


@pytest.mark.parametrize("between", [(), ("fine",)])
def test_asking_again_after_nobody_answered_tells_the_duty_contact_once_more(
    journey: Journey, maya: str, between: tuple[str, ...]
) -> None:
    say(journey, maya, "call")
    asked_at = journey.now
    journey.live(days=2)
    assert (len(to(journey, SAM)), len(to(journey, NOOR))) == (1, 1)
    for answer in (*between, "call"):
        say(journey, maya, answer)
    journey.live(minutes=2)
    assert (len(to(journey, SAM)), len(to(journey, NOOR))) == (2, 1)
    with journey.app.reading() as db:
        [line] = read_board(db, journey.clinic_id).open
    assert line.alert.raised_at == asked_at, "the time to reply counts from the first wish"
    journey.live(days=1)
    assert len(to(journey, NOOR)) == 2


def test_before_the_second_contact_was_told_pressing_again_tells_nobody_twice(
    journey: Journey, maya: str
) -> None:
    say(journey, maya, "call")
    journey.live(minutes=30)
    say(journey, maya, "call")
    journey.live(minutes=2)
    assert len(to(journey, SAM)) == 1


@pytest.mark.parametrize("first", ["the complaint", "the wish"])
def test_whoever_releases_another_hold_does_not_end_a_wish_that_they_have_not_seen(
    journey: Journey, maya: str, first: str
) -> None:
    if first == "the complaint":
        hold_for_a_complaint(journey, maya)
    say(journey, maya, "call")
    if first == "the wish":
        hold_for_a_complaint(journey, maya)
    with journey.app.transaction() as db:
        assert not clients.release(db, journey.clinic_id, maya, by=COLLEAGUE, now=journey.now)
    journey.live(hours=3)
    found = alert_of(journey, maya)
    assert (found.closed_at, found.acknowledged_at) == (None, None)
    assert journey.client(maya).held_reason == "support_path"
    assert len(to(journey, NOOR)) == 1, "the second contact hears of it as ever"
    with journey.app.transaction() as db:
        assert clients.end_support(db, journey.clinic_id, found.id, by=COLLEAGUE, now=journey.now)
    assert journey.client(maya).held_at is None
