"""Which appointment is meant: one at an hour, and none that is over."""

from datetime import timedelta

import pytest

from aftercare.errors import Conflict
from aftercare.flows import appointments
from tests.journeys.diary import NEXT_TUESDAY, asked, book, cancel, move, publish, row
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
