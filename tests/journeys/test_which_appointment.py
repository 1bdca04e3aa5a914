"""Which appointment is meant: one at an hour, and none that is over."""

from datetime import timedelta

import pytest

from aftercare.errors import Conflict
from aftercare.flows import appointments, sessions
from tests.journeys.diary import NEXT_TUESDAY, asked, book, cancel, move, publish, row, say
from tests.journeys.harness import Journey

EXPECT, TOMORROW = "what-to-expect", "small-things-for-tomorrow"


@pytest.fixture(autouse=True)
def live(journey: Journey) -> None:
    """What is sent before a first visit."""
    publish(journey, "before-your-visit")


def test_moved_onto_another_ones_hour_it_stays_where_it_is_and_nothing_comes_twice(journey: Journey) -> None:
    maya = journey.add_client()
    book(journey, maya)
    second = book(journey, maya, NEXT_TUESDAY + timedelta(days=2))
    with pytest.raises(Conflict, match="Nothing was moved"):
        move(journey, second, NEXT_TUESDAY)
    assert row(journey, second).starts_at == NEXT_TUESDAY + timedelta(days=2)
    journey.live(days=12)
    assert [line.split()[0] for line in journey.mail(maya)] == [EXPECT, TOMORROW]


def test_an_hour_is_free_once_its_appointment_is_cancelled_and_for_the_one_that_has_it(
    journey: Journey,
) -> None:
    maya = journey.add_client()
    first, second = book(journey, maya), book(journey, maya, NEXT_TUESDAY + timedelta(days=2))
    cancel(journey, first)
    move(journey, second, NEXT_TUESDAY)
    with journey.app.transaction() as db:
        longer = NEXT_TUESDAY + timedelta(hours=2)
        appointments.move(db, journey.clinic_id, second, NEXT_TUESDAY, longer, by="sam", now=journey.now)
    assert row(journey, second).ends_at == longer


def test_an_appointment_that_is_over_is_not_moved(journey: Journey) -> None:
    maya = journey.add_client()
    over = book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(minutes=59))
    move(journey, over, NEXT_TUESDAY + timedelta(days=1))
    assert asked(journey) == []
    journey.live_until(NEXT_TUESDAY + timedelta(days=1, hours=1))
    with pytest.raises(Conflict, match="say that it did not happen"):
        move(journey, over, NEXT_TUESDAY + timedelta(days=7))
    assert asked(journey) == [over]


def test_a_session_of_noon_says_nothing_about_the_appointment_of_the_evening(journey: Journey) -> None:
    maya = journey.add_client()
    evening = book(journey, maya, journey.now + timedelta(hours=5))
    journey.visit(maya)
    assert row(journey, evening).session_id is None
    journey.live(hours=7)
    assert asked(journey) == [evening]


def test_who_came_early_was_there_all_the_same(journey: Journey) -> None:
    maya = journey.add_client()
    early = book(journey, maya, journey.now + timedelta(minutes=30))
    came = journey.visit(maya)
    assert row(journey, early).session_id == came


def test_of_two_that_end_together_the_one_is_settled_that_was_asked_about(journey: Journey) -> None:
    maya = journey.add_client()
    both = [book(journey, maya), book(journey, maya, NEXT_TUESDAY + timedelta(minutes=30))]
    with journey.app.transaction() as db:
        end = NEXT_TUESDAY + timedelta(hours=1)
        appointments.move(
            db, journey.clinic_id, both[1], end - timedelta(minutes=30), end, by="sam", now=journey.now
        )
    journey.live_until(end + timedelta(hours=1))
    for meant, other in (both, both[::-1]):
        say(journey, meant, "did_not_happen")
        assert asked(journey) == ([other] if other == both[1] else [])


def test_the_emails_of_a_first_visit_that_did_not_happen_do_not_come_before_the_next(
    journey: Journey,
) -> None:
    maya = journey.add_client()
    missed = book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(hours=3))
    say(journey, missed, "did_not_happen")
    again = book(journey, maya, NEXT_TUESDAY + timedelta(days=7))
    journey.live(days=8)
    assert row(journey, again).first_session
    assert [line.split()[0] for line in journey.mail(maya)] == [EXPECT, TOMORROW]


def test_that_it_did_not_happen_was_a_mistake_so_the_next_is_no_first_visit(journey: Journey) -> None:
    maya = journey.add_client()
    came = book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(hours=3))
    mistake = say(journey, came, "did_not_happen")
    again = book(journey, maya, NEXT_TUESDAY + timedelta(days=7))
    with journey.app.transaction() as db:
        sessions.correct_session(
            db, journey.clinic_id, mistake, outcome="ordinary", by="sam", now=journey.now
        )
    journey.live(days=8)
    assert not row(journey, again).first_session
    assert [line.split()[0] for line in journey.mail(maya)].count(EXPECT) == 1
