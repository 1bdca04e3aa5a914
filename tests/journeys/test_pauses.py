"""A client's emails rest until the day that she chose: what falls into the pause is left out."""

from datetime import date, timedelta

import pytest

from aftercare.errors import InvalidInput
from aftercare.flows import clients, consent, consent_request, pausing
from aftercare.flows.pausing import PauseMeaning
from tests.journeys.harness import Journey

FRIDAY = date(2026, 11, 27)

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
ALL = [
    "evening-plan Mon 23 17:00",
    "two-minutes-with-a-pen Tue 24 18:00",
    "short-walk Thu 26 10:00",
    "quiet-minutes Sun 29 18:00",
    "how-are-things Thu 03 10:00",
]


def _pause(journey: Journey, client: str, until: date = FRIDAY) -> None:
    with journey.app.transaction() as db:
        pausing.pause(db, journey.clinic_id, client, until, by="sam", now=journey.now)


def _resume(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        pausing.resume(db, journey.clinic_id, client, by="sam", now=journey.now)


def _meaning(journey: Journey, client: str, until: date = FRIDAY) -> PauseMeaning:
    with journey.app.reading() as db:
        return pausing.what_pause_means(db, journey.clinic_id, client, until, now=journey.now)


def test_what_falls_into_the_pause_is_left_out_and_the_rest_comes_on_time(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    said = _meaning(journey, maya)
    for _ in range(2):
        _pause(journey, maya)
    assert journey.fates(maya)["short-walk"] == "held: paused"
    assert journey.fates(maya)["quiet-minutes"] == "planned"
    journey.live(days=14)
    assert journey.mail(maya) == [ALL[0], *ALL[3:]]
    assert journey.fates(maya)["short-walk"] == "skipped: paused"
    assert journey.client(maya).paused_until is None
    assert [email.step for email in said.left_out] == ["two-minutes-with-a-pen", "short-walk"]
    assert said.next is not None
    assert (said.next.step, said.next.sequence) == ("quiet-minutes", "After your visit")
    assert f"{said.local:%a %d %H:%M}" == "Fri 27 00:00"


@ONE_IS_ENOUGH
def test_what_is_said_before_a_pause_changes_nothing(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    assert len(_meaning(journey, maya, date(2027, 1, 1)).left_out) == 5
    assert _meaning(journey, maya, date(2027, 1, 1)).next is None
    journey.live(days=14)
    assert journey.mail(maya) == ALL


def test_ended_early_it_brings_what_is_not_too_late_and_no_burst(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    _pause(journey, maya)
    journey.live(days=1, hours=6)
    for _ in range(2):
        _resume(journey, maya)
    journey.live(days=14)
    assert journey.mail(maya) == ["two-minutes-with-a-pen Tue 24 20:00", *ALL[2:]] or journey.mail(maya) == [
        "two-minutes-with-a-pen Wed 25 08:00",
        *ALL[2:],
    ]


@ONE_IS_ENOUGH
def test_another_day_takes_the_place_of_the_first(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    _pause(journey, maya, date(2026, 12, 24))
    _pause(journey, maya, date(2026, 11, 25))
    journey.live(days=14)
    assert journey.mail(maya) == [ALL[0], *ALL[2:]]


def test_the_pause_ends_at_her_own_midnight_and_keeps_its_date_when_she_moves(journey: Journey) -> None:
    maya = journey.add_client(timezone="Asia/Kathmandu")
    _pause(journey, maya)
    assert f"{journey.client(maya).paused_until:%d %H:%M}" == "26 18:15"
    with journey.app.transaction() as db:
        clients.move_zone(db, journey.clinic_id, maya, "America/New_York", by="sam", now=journey.now)
    assert f"{journey.client(maya).paused_until:%d %H:%M}" == "27 05:00"


@ONE_IS_ENOUGH
def test_a_visit_during_the_pause_plans_what_comes_after_it(journey: Journey) -> None:
    maya = journey.add_client()
    _pause(journey, maya)
    journey.visit(maya)
    journey.live(days=14)
    assert journey.mail(maya) == ALL[3:]


def test_a_held_client_stays_held_when_the_pause_is_over(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    _pause(journey, maya, date(2026, 11, 25))
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, maya, reason="asked", by="sam", now=journey.now)
    journey.live(days=2)
    assert journey.fates(maya)["two-minutes-with-a-pen"] == "skipped: paused"
    assert journey.fates(maya)["short-walk"] == "held: held"
    with journey.app.transaction() as db:
        clients.release(db, journey.clinic_id, maya, by="sam", now=journey.now)
    journey.live(days=14)
    assert journey.mail(maya) == ALL[2:]


def test_stopping_in_a_pause_and_taking_it_back_keeps_the_pause(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    _pause(journey, maya)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="page", now=journey.now)
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, maya, "aftercare", now=journey.now)
    journey.live(days=14)
    assert journey.mail(maya) == ALL[3:]


def test_what_she_asked_for_herself_comes_in_spite_of_pause_and_hold(journey: Journey) -> None:
    """ADR 10: plan, decision at sending and the last update agree."""
    maya = journey.add_client(topics=())
    _pause(journey, maya)
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, maya, reason="asked", by="sam", now=journey.now)
        consent_request.ask(db, journey.clinic_id, maya, by="sam", now=journey.now)
    journey.live(minutes=1)
    assert journey.mail(maya) == ["may-we-write Mon 23 14:00"]


@ONE_IS_ENOUGH
@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_pause_ends_tomorrow_at_the_earliest_and_within_a_year(journey: Journey, days: int) -> None:
    maya = journey.add_client()
    with pytest.raises(InvalidInput, match="until"):
        _pause(journey, maya, journey.now.date() + timedelta(days=days))
