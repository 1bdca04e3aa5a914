"""Emails before a visit go with its appointment: they follow when it moves, and end when it is cancelled."""

from datetime import UTC, datetime, timedelta

import pytest

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import appointments, dispatch, preview, sessions
from aftercare.flows.appointments import Booking
from aftercare.store import appointments as rows
from tests.journeys.diary import NEXT_TUESDAY, asked, book, cancel, move, publish, row, say
from tests.journeys.harness import Journey

EXPECT, TOMORROW = "what-to-expect", "small-things-for-tomorrow"
ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def live(journey: Journey) -> None:
    """What is sent before a first visit."""
    publish(journey, "before-your-visit")


def test_both_emails_come_before_the_visit_on_her_own_clock(journey: Journey) -> None:
    sunita = journey.add_client("sunita@example.com", timezone="Asia/Kathmandu")
    appointment = book(journey, sunita, lost=True)
    journey.live(days=10)
    assert journey.mail(sunita) == [f"{EXPECT} Sat 28 10:00", f"{TOMORROW} Mon 30 17:00"]
    assert row(journey, appointment).plan_note == "planned"


def test_moved_twice_and_cancelled_nothing_comes_twice_and_nothing_after(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = book(journey, maya)
    journey.live(days=5)
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00"]
    move(journey, appointment, NEXT_TUESDAY + timedelta(days=7))
    journey.live(days=4)
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00"]
    move(journey, appointment, NEXT_TUESDAY + timedelta(days=3, hours=-4))
    journey.live(days=1, hours=4)
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00", f"{TOMORROW} Thu 03 17:00"]
    for _ in range(2):
        cancel(journey, appointment)
    journey.live(days=20)
    assert len(journey.mail(maya)) == 2
    assert asked(journey) == []


def test_cancelled_what_was_not_sent_goes_with_it(journey: Journey) -> None:
    maya = journey.add_client()
    cancel(journey, book(journey, maya))
    journey.live(days=10)
    assert journey.mail(maya) == []
    assert set(journey.fates(maya).values()) == {"cancelled: appointment_cancelled"}


@pytest.mark.parametrize(
    ("hours", "sent"),
    [
        (50, [f"{EXPECT} Mon 23 14:00", f"{TOMORROW} Tue 24 17:00"]),
        (20, [f"{EXPECT} Mon 23 14:00", f"{TOMORROW} Mon 23 17:00"]),
        (4, [f"{EXPECT} Mon 23 14:00"]),
    ],
)
@ONE_IS_ENOUGH
def test_booked_late_the_first_comes_at_once_and_the_second_only_in_time(
    journey: Journey, hours: int, sent: list[str]
) -> None:
    maya = journey.add_client()
    book(journey, maya, journey.now + timedelta(hours=hours))
    journey.live(days=10)
    assert journey.mail(maya) == sent


def test_too_late_for_the_old_time_it_comes_for_the_new_one(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = book(journey, maya, journey.now + timedelta(hours=4))
    journey.live(minutes=5)
    assert journey.fates(maya)[TOMORROW] == "skipped: past"
    move(journey, appointment, NEXT_TUESDAY)
    journey.live(days=10)
    assert journey.mail(maya) == [f"{EXPECT} Mon 23 14:00", f"{TOMORROW} Mon 30 17:00"]


def test_nothing_leaves_once_the_visit_has_begun_whatever_the_outage(journey: Journey) -> None:
    maya = journey.add_client()
    book(journey, maya, journey.now + timedelta(days=3, hours=-3))
    journey.sleep(days=2, hours=22)
    journey.live(days=2)
    assert journey.mail(maya) == []


def test_a_claimed_email_follows_the_move(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = book(journey, maya)
    journey.clock.set(datetime(2026, 11, 28, 10, 0, tzinfo=UTC))
    claimed = dispatch.claim(journey.app, "main", "slow")
    assert len(claimed) == 1
    move(journey, appointment, NEXT_TUESDAY + timedelta(days=7))
    assert dispatch.send_claimed(journey.app, "main", "slow", claimed) == []
    journey.live(days=14)
    assert journey.mail(maya) == [f"{EXPECT} Sat 05 10:00", f"{TOMORROW} Mon 07 17:00"]


@ONE_IS_ENOUGH
def test_only_a_first_visit_brings_them_unless_somebody_says_so(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, "no_aftercare")
    second = book(journey, maya)
    assert row(journey, second).plan_note == "no_sequence"
    told = Booking(client_id=maya, starts_at=NEXT_TUESDAY + timedelta(days=1), first_session=True)
    with journey.app.transaction() as db:
        third = appointments.book(db, journey.clinic_id, told, by="sam", now=journey.now).id
    journey.app.sweep()
    assert row(journey, third).plan_note == "planned"


def test_after_its_end_somebody_is_asked_and_nothing_is_assumed(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(minutes=59))
    assert asked(journey) == []
    journey.live(days=1)
    assert asked(journey) == [appointment]
    before = len(journey.mail(maya))
    logged = say(journey, appointment, "ordinary")
    assert asked(journey) == []
    with pytest.raises(Conflict):
        say(journey, appointment, "ordinary")
    journey.live(days=10)
    assert len(journey.mail(maya)) > before + 2
    with journey.app.transaction() as db:
        sessions.cancel_session(db, journey.clinic_id, logged, by="sam", now=journey.now)
    assert asked(journey) == [appointment]


@ONE_IS_ENOUGH
def test_said_that_it_did_not_happen_nothing_follows(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(hours=2))
    before = journey.mail(maya)
    say(journey, appointment, "did_not_happen")
    journey.live(days=14)
    assert journey.mail(maya) == before
    assert asked(journey) == []


@ONE_IS_ENOUGH
def test_a_session_logged_without_being_asked_answers_the_question(journey: Journey) -> None:
    maya = journey.add_client()
    book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(hours=2))
    journey.visit(maya, ended_at=NEXT_TUESDAY + timedelta(minutes=50))
    assert asked(journey) == []


@ONE_IS_ENOUGH
@pytest.mark.parametrize("hours", [0, -1, 24 * 732])
def test_an_appointment_is_to_come_and_within_two_years(journey: Journey, hours: int) -> None:
    with pytest.raises(InvalidInput, match="starts_at"):
        book(journey, journey.add_client(), journey.now + timedelta(hours=hours))


def test_booked_anew_and_the_old_one_cancelled_the_new_one_is_the_first_visit(journey: Journey) -> None:
    maya = journey.add_client()
    old = book(journey, maya, NEXT_TUESDAY)
    new = book(journey, maya, NEXT_TUESDAY + timedelta(days=7))
    assert row(journey, new).plan_note == "no_sequence"
    cancel(journey, old)
    journey.live(days=20)
    assert [line.split()[0] for line in journey.mail(maya)][-1] == TOMORROW
    assert journey.mail(maya)[-1] == f"{TOMORROW} Mon 07 17:00"


@ONE_IS_ENOUGH
def test_an_earlier_one_takes_the_first_visit_over_and_what_staff_said_stays(journey: Journey) -> None:
    maya, nora = journey.add_client(), journey.add_client("nora@example.com")
    later = book(journey, maya, NEXT_TUESDAY + timedelta(days=7))
    told = Booking(nora, NEXT_TUESDAY + timedelta(days=7), first_session=True)
    with journey.app.transaction() as db:
        said = appointments.book(db, journey.clinic_id, told, by="sam", now=journey.now).id
    for client in (maya, nora):
        book(journey, client, NEXT_TUESDAY)
    assert [row(journey, one).first_session for one in (later, said)] == [False, True]
    move(journey, later, NEXT_TUESDAY - timedelta(days=1))
    assert row(journey, later).first_session is True


@ONE_IS_ENOUGH
def test_a_double_click_books_one_appointment(journey: Journey) -> None:
    maya = journey.add_client()
    book(journey, maya)
    with pytest.raises(Conflict):
        book(journey, maya)
    with journey.app.reading() as db:
        assert len(rows.of_client(db, maya)) == 1


@ONE_IS_ENOUGH
def test_a_first_visitor_who_books_anew_has_read_what_to_expect(journey: Journey) -> None:
    maya, nora = journey.add_client(), journey.add_client("nora@example.com")
    first, unsent = book(journey, maya), book(journey, nora, NEXT_TUESDAY + timedelta(days=10))
    journey.live_until(NEXT_TUESDAY - timedelta(days=2))
    for booked in (first, unsent):
        cancel(journey, booked)
    later = NEXT_TUESDAY + timedelta(days=14)
    with journey.app.transaction() as db:
        booking = appointments.unsaved(db, journey.clinic_id, Booking(maya, later), by="sam", now=journey.now)
        shown = [one.step for one in preview.preview_booked(db, booking, now=journey.now).messages]
    for client in (maya, nora):
        book(journey, client, later)
    journey.live(days=30)
    assert shown == [TOMORROW]
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00", f"{TOMORROW} Mon 14 17:00"]
    assert journey.mail(nora) == [f"{EXPECT} Sat 12 10:00", f"{TOMORROW} Mon 14 17:00"]


@ONE_IS_ENOUGH
@pytest.mark.parametrize("how", ["did_not_happen", "corrected", "cancelled"])
def test_who_was_not_here_after_all_has_her_first_visit_the_next_time(journey: Journey, how: str) -> None:
    maya = journey.add_client()
    missed = book(journey, maya, journey.now + timedelta(days=1))
    following = book(journey, maya, NEXT_TUESDAY)
    journey.live_until(journey.now + timedelta(days=1, hours=2))
    said = say(journey, missed, "did_not_happen" if how == "did_not_happen" else "ordinary")
    assert row(journey, following).first_session is (how == "did_not_happen")
    with journey.app.transaction() as db:
        if how == "corrected":
            sessions.correct_session(
                db, journey.clinic_id, said, outcome="did_not_happen", by="sam", now=journey.now
            )
        if how == "cancelled":
            sessions.cancel_session(db, journey.clinic_id, said, by="sam", now=journey.now)
            appointments.say_how_it_went(
                db, journey.clinic_id, missed, "did_not_happen", by="sam", now=journey.now
            )
    journey.app.sweep()
    assert row(journey, following).first_session is True
    assert row(journey, following).plan_note == "planned"
