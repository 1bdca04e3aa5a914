"""A wish for a call that somebody has taken on, and what makes it wait for a person again."""

from datetime import timedelta
from functools import partial

import pytest

from aftercare.flows import clients, clinics, support_path, upkeep
from aftercare.flows.alert_board import read_board
from aftercare.models import Clinic
from aftercare.store import alerts
from tests.journeys.harness import Journey
from tests.journeys.test_support_path import NOOR, SAM, alert_of, maya, say, to

__all__ = ["maya"]


@pytest.fixture
def taken_on(journey: Journey, maya: str) -> str:
    """Maya, who has asked for a call; Sam has taken it on."""
    say(journey, maya, "call")
    take_on(journey, maya)
    return maya


def take_on(journey: Journey, client_id: str, *, spoken: bool = False) -> None:
    """Sam will ring, or has."""
    act = support_path.record_call if spoken else support_path.acknowledge
    with journey.app.transaction() as db:
        found = alerts.open_of(db, client_id)
        assert found is not None
        act(db, journey.clinic_id, found.id, by=f"staff:{journey.therapist_id}", now=journey.now)


def test_pressing_the_same_again_days_later_is_heard_and_brings_the_contacts_again(
    journey: Journey, taken_on: str
) -> None:
    take_on(journey, taken_on, spoken=True)
    journey.live(days=1)
    say(journey, taken_on, "call")
    found = alert_of(journey, taken_on)
    assert (found.acknowledged_at, found.spoken_at) == (None, None)
    assert len(to(journey, SAM)) == 2
    assert sum(line.startswith("contacts-you-asked-for") for line in journey.mail(taken_on)) == 2
    journey.live(minutes=5)
    take_on(journey, taken_on)
    with journey.app.reading() as db:
        [line] = read_board(db, journey.clinic_id).open
    assert line.answered_after == timedelta(minutes=5)
    assert line.spoken_after is None


def test_a_page_that_is_loaded_twice_is_no_second_wish(journey: Journey, taken_on: str) -> None:
    journey.live(minutes=9)
    say(journey, taken_on, "call")
    assert len(to(journey, SAM)) == 1


@pytest.mark.parametrize("way", ["leaves", "may only look"])
def test_when_whoever_took_it_on_cannot_ring_any_more_the_next_one_is_told(
    journey: Journey, taken_on: str, way: str
) -> None:
    with journey.app.transaction() as db:
        clinics.add_staff(
            db,
            journey.clinic_id,
            first_name="Ada",
            email="a@example.com",
            role="owner",
            by="o",
            now=journey.now,
        )
        if way == "leaves":
            clinics.leave(db, journey.clinic_id, SAM, by="ada", now=journey.now)
        else:
            clinics.change_role(db, journey.clinic_id, SAM, "viewer", by="ada", now=journey.now)
    journey.live(minutes=2)
    assert len(to(journey, NOOR)) == 1
    assert alert_of(journey, taken_on).acknowledged_at is None


def test_without_hours_the_next_one_is_told_after_two_hours_by_the_clock_and_somebody_reads_why(
    journey: Journey, maya: str
) -> None:
    with journey.app.transaction() as db:
        db.get_one(Clinic, journey.clinic_id).opening = {}
    with journey.app.reading() as db:
        assert "Please call me" in upkeep.nobody_hears(db, journey.clinic_id)[0]
    say(journey, maya, "call")
    journey.live(hours=1, minutes=59)
    assert to(journey, NOOR) == []
    journey.live(minutes=2)
    assert len(to(journey, NOOR)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_of_before_does_not_release_a_wish_that_came_since(journey: Journey, taken_on: str) -> None:
    over = alert_of(journey, taken_on).id
    release = partial(clients.end_support, clinic_id=journey.clinic_id, alert_id=over, by="staff:sam")
    for still_waits in (False, True):
        if still_waits:
            journey.live(minutes=5)
            say(journey, taken_on, "call")
        with journey.app.transaction() as db:
            assert release(db, now=journey.now) is not still_waits
    assert alert_of(journey, taken_on).closed_at is None
    assert journey.client(taken_on).held_at is not None
