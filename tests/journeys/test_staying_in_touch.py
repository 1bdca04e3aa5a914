"""After a run that came to its end, and only then, those who said yes to it stay in touch."""

from datetime import timedelta

import pytest

from aftercare.flows import (
    appointments,
    consent,
    enrolments,
    finished,
    life_events,
    pausing,
    sequences,
    sessions,
)
from aftercare.flows.appointments import Booking
from aftercare.mail.paths import templates_root
from aftercare.models import Enrolment
from aftercare.store import enrolments as runs
from tests.journeys.harness import Journey

BOTH = ("aftercare", "staying-in-touch")
KEEP = [
    "five-quiet-minutes",
    "shoulders-that-sit-high",
    "page-to-look-back-on",
    "words-to-keep-nearby",
    "still-useful",
]
ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def live(journey: Journey) -> None:
    """The emails for those who stay in touch."""
    files = sequences.read_folder(templates_root() / "sequences" / "en" / "staying-in-touch")
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)


def _touch(journey: Journey, client: str) -> list[str]:
    return [line for line in journey.mail(client) if line.split()[0] in KEEP]


def _book(journey: Journey, client: str, days: int) -> str:
    booking = Booking(client_id=client, starts_at=journey.now + timedelta(days=days))
    with journey.app.transaction() as db:
        booked = appointments.book(db, journey.clinic_id, booking, by="sam", now=journey.now).id
    journey.app.sweep()
    return booked


def _completed_runs(journey: Journey, client: str) -> list[Enrolment]:
    with journey.app.reading() as db:
        found = runs.started_since(db, client, journey.now - timedelta(days=200))
    return [run.enrolment for run in found if run.enrolment.exit_reason == "completed"]


def test_it_starts_once_counted_from_the_last_email_whenever_that_was_noticed(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    journey.live(days=10)
    journey.sleep(days=10)
    journey.live(days=120)
    # The last email after the visit went out on Thu 3 December; 21 days later it is Thu 24.
    assert _touch(journey, maya)[0] == "five-quiet-minutes Thu 24 10:00"
    assert [line.split()[0] for line in _touch(journey, maya)] == KEEP
    for run in _completed_runs(journey, maya):
        with journey.app.transaction() as db:
            finished.follow_up(db, run.id, now=journey.now)
    journey.live(days=200)
    assert len(_touch(journey, maya)) == 5


@pytest.mark.parametrize("topic", ["aftercare", "staying-in-touch", "*"])
def test_not_after_a_run_that_she_left_nor_without_her_yes(journey: Journey, topic: str) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    journey.live(days=5)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, topic, source="page", now=journey.now)
    journey.live(days=60)
    assert _touch(journey, maya) == []


@ONE_IS_ENOUGH
def test_not_after_a_run_that_staff_stopped(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    with journey.app.transaction() as db:
        run = runs.active(db, maya)[0].enrolment.id
        enrolments.stop_run(db, journey.clinic_id, run, by="sam", now=journey.now)
    journey.live(days=60)
    assert _touch(journey, maya) == []


@ONE_IS_ENOUGH
def test_without_consent_to_it_nothing_starts(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(days=60)
    assert _touch(journey, maya) == []


@ONE_IS_ENOUGH
def test_a_visit_ends_it_and_the_end_of_its_run_starts_it_anew(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    journey.live(days=40)
    assert len(_touch(journey, maya)) == 1
    journey.visit(maya)
    journey.live(days=20)
    assert len(_touch(journey, maya)) == 1
    assert journey.fates(maya)["shoulders-that-sit-high"] == "cancelled: superseded"


def test_a_booked_visit_ends_it_and_a_cancelled_one_gives_it_back(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    journey.live(days=40)
    first, second = _book(journey, maya, 30), _book(journey, maya, 60)
    for appointment in (first, second):
        assert journey.fates(maya)["shoulders-that-sit-high"] == "cancelled: superseded"
        with journey.app.transaction() as db:
            appointments.cancel(db, journey.clinic_id, appointment, by="sam", now=journey.now)
    journey.live(days=30)
    assert [line.split()[0] for line in _touch(journey, maya)] == KEEP[:2]


@ONE_IS_ENOUGH
def test_with_a_visit_booked_nobody_needs_reminding(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    _book(journey, maya, 50)
    journey.live(days=45)
    assert _touch(journey, maya) == []


@ONE_IS_ENOUGH
def test_a_session_logged_by_mistake_takes_what_followed_with_it(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    mistake = journey.visit(maya)
    journey.live(days=15)
    with journey.app.transaction() as db:
        sessions.cancel_session(db, journey.clinic_id, mistake, by="sam", now=journey.now)
    journey.live(days=60)
    assert _touch(journey, maya) == []


@ONE_IS_ENOUGH
def test_nothing_follows_for_somebody_for_whom_everything_was_stopped(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    journey.live(days=15)
    with journey.app.transaction() as db:
        life_events.stop_everything(db, journey.clinic_id, maya, "moved_away", by="sam", now=journey.now)
    journey.live(days=60)
    assert _touch(journey, maya) == []


@ONE_IS_ENOUGH
def test_it_starts_after_all_where_the_visit_that_was_booked_is_cancelled(journey: Journey) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    journey.live(days=8)
    booked = _book(journey, maya, 12)
    journey.live(days=8)
    assert _completed_runs(journey, maya)
    with journey.app.transaction() as db:
        appointments.cancel(db, journey.clinic_id, booked, by="sam", now=journey.now)
    journey.live(days=60)
    assert _touch(journey, maya) != []


@ONE_IS_ENOUGH
def test_a_pause_over_the_last_email_ends_the_run_when_it_ends_though_nothing_is_due_then(
    journey: Journey,
) -> None:
    maya = journey.add_client(topics=BOTH)
    journey.visit(maya)
    journey.live(days=4)
    until = (journey.now + timedelta(days=10)).date()
    with journey.app.transaction() as db:
        pausing.pause(db, journey.clinic_id, maya, until=until, by="sam", now=journey.now)
    journey.live(days=60)
    (run,) = _completed_runs(journey, maya)
    assert run.ended_at is not None
    assert run.ended_at.date() == until
