"""Emails before a visit go with its appointment: they follow when it moves, and end when it is cancelled."""

from datetime import UTC, datetime, timedelta

import pytest

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import appointments, dispatch, preview, sequences, sessions
from aftercare.flows.appointments import Booking
from aftercare.mail.paths import templates_root
from aftercare.models import Appointment
from aftercare.store import appointments as rows
from tests.journeys.harness import Journey

NEXT_TUESDAY = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
EXPECT, TOMORROW = "what-to-expect", "small-things-for-tomorrow"
ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def live(journey: Journey) -> None:
    """What is sent before a first visit."""
    _publish(journey, "before-your-visit")


def _publish(journey: Journey, slug: str) -> None:
    files = sequences.read_folder(templates_root() / "sequences" / "en" / slug)
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)


def _book(journey: Journey, client: str, starts_at: datetime = NEXT_TUESDAY, *, lost: bool = False) -> str:
    booking = Booking(client_id=client, starts_at=starts_at, therapist_id=journey.therapist_id)
    with journey.app.transaction() as db:
        booked = appointments.book(db, journey.clinic_id, booking, by="sam", now=journey.now).id
    if not lost:
        journey.app.submit("schedule_appointment", booked)
        journey.app.drain()
    return booked


def _move(journey: Journey, appointment: str, starts_at: datetime) -> None:
    with journey.app.transaction() as db:
        appointments.move(db, journey.clinic_id, appointment, starts_at, by="sam", now=journey.now)
    journey.app.submit("schedule_appointment", appointment)
    journey.app.drain()


def _cancel(journey: Journey, appointment: str) -> None:
    with journey.app.transaction() as db:
        appointments.cancel(db, journey.clinic_id, appointment, by="sam", now=journey.now)


def _say(journey: Journey, appointment: str, outcome: str) -> str:
    with journey.app.transaction() as db:
        logged = appointments.say_how_it_went(
            db, journey.clinic_id, appointment, outcome, by="sam", now=journey.now
        ).id
    journey.app.submit("schedule_followups", logged)
    journey.app.drain()
    return logged


def _asked(journey: Journey) -> list[str]:
    with journey.app.reading() as db:
        found = rows.to_ask_about(
            db, journey.clinic_id, since=journey.now - timedelta(days=14), now=journey.now
        )
    return [one.appointment.id for one in found]


def _row(journey: Journey, appointment: str) -> Appointment:
    with journey.app.reading() as db:
        return rows.get(db, journey.clinic_id, appointment)


def test_both_emails_come_before_the_visit_on_her_own_clock(journey: Journey) -> None:
    sunita = journey.add_client("sunita@example.com", timezone="Asia/Kathmandu")
    appointment = _book(journey, sunita, lost=True)
    journey.live(days=10)
    assert journey.mail(sunita) == [f"{EXPECT} Sat 28 10:00", f"{TOMORROW} Mon 30 17:00"]
    assert _row(journey, appointment).plan_note == "planned"


def test_moved_twice_and_cancelled_nothing_comes_twice_and_nothing_after(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = _book(journey, maya)
    journey.live(days=5)
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00"]
    _move(journey, appointment, NEXT_TUESDAY + timedelta(days=7))
    journey.live(days=4)
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00"]
    _move(journey, appointment, NEXT_TUESDAY + timedelta(days=3, hours=-4))
    journey.live(days=1, hours=4)
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00", f"{TOMORROW} Thu 03 17:00"]
    for _ in range(2):
        _cancel(journey, appointment)
    journey.live(days=20)
    assert len(journey.mail(maya)) == 2
    assert _asked(journey) == []


def test_cancelled_what_was_not_sent_goes_with_it(journey: Journey) -> None:
    maya = journey.add_client()
    _cancel(journey, _book(journey, maya))
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
    _book(journey, maya, journey.now + timedelta(hours=hours))
    journey.live(days=10)
    assert journey.mail(maya) == sent


def test_too_late_for_the_old_time_it_comes_for_the_new_one(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = _book(journey, maya, journey.now + timedelta(hours=4))
    journey.live(minutes=5)
    assert journey.fates(maya)[TOMORROW] == "skipped: past"
    _move(journey, appointment, NEXT_TUESDAY)
    journey.live(days=10)
    assert journey.mail(maya) == [f"{EXPECT} Mon 23 14:00", f"{TOMORROW} Mon 30 17:00"]


def test_nothing_leaves_once_the_visit_has_begun_whatever_the_outage(journey: Journey) -> None:
    maya = journey.add_client()
    _book(journey, maya, journey.now + timedelta(days=3, hours=-3))
    journey.sleep(days=2, hours=22)
    journey.live(days=2)
    assert journey.mail(maya) == []


def test_a_claimed_email_follows_the_move(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = _book(journey, maya)
    journey.clock.set(datetime(2026, 11, 28, 10, 0, tzinfo=UTC))
    claimed = dispatch.claim(journey.app, "main", "slow")
    assert len(claimed) == 1
    _move(journey, appointment, NEXT_TUESDAY + timedelta(days=7))
    assert dispatch.send_claimed(journey.app, "main", "slow", claimed) == []
    journey.live(days=14)
    assert journey.mail(maya) == [f"{EXPECT} Sat 05 10:00", f"{TOMORROW} Mon 07 17:00"]


@ONE_IS_ENOUGH
def test_only_a_first_visit_brings_them_unless_somebody_says_so(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, "no_aftercare")
    second = _book(journey, maya)
    assert _row(journey, second).plan_note == "no_sequence"
    told = Booking(client_id=maya, starts_at=NEXT_TUESDAY + timedelta(days=1), first_session=True)
    with journey.app.transaction() as db:
        third = appointments.book(db, journey.clinic_id, told, by="sam", now=journey.now).id
    journey.app.sweep()
    assert _row(journey, third).plan_note == "planned"


def test_after_its_end_somebody_is_asked_and_nothing_is_assumed(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = _book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(minutes=59))
    assert _asked(journey) == []
    journey.live(days=1)
    assert _asked(journey) == [appointment]
    before = len(journey.mail(maya))
    logged = _say(journey, appointment, "ordinary")
    assert _asked(journey) == []
    with pytest.raises(Conflict):
        _say(journey, appointment, "ordinary")
    journey.live(days=10)
    assert len(journey.mail(maya)) > before + 2
    with journey.app.transaction() as db:
        sessions.cancel_session(db, journey.clinic_id, logged, by="sam", now=journey.now)
    assert _asked(journey) == [appointment]


@ONE_IS_ENOUGH
def test_said_that_it_did_not_happen_nothing_follows(journey: Journey) -> None:
    maya = journey.add_client()
    appointment = _book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(hours=2))
    before = journey.mail(maya)
    _say(journey, appointment, "did_not_happen")
    journey.live(days=14)
    assert journey.mail(maya) == before
    assert _asked(journey) == []


@ONE_IS_ENOUGH
def test_a_session_logged_without_being_asked_answers_the_question(journey: Journey) -> None:
    maya = journey.add_client()
    _book(journey, maya)
    journey.live_until(NEXT_TUESDAY + timedelta(hours=2))
    journey.visit(maya, ended_at=NEXT_TUESDAY + timedelta(minutes=50))
    assert _asked(journey) == []


@ONE_IS_ENOUGH
@pytest.mark.parametrize("hours", [0, -1, 24 * 732])
def test_an_appointment_is_to_come_and_within_two_years(journey: Journey, hours: int) -> None:
    with pytest.raises(InvalidInput, match="starts_at"):
        _book(journey, journey.add_client(), journey.now + timedelta(hours=hours))


def test_booked_anew_and_the_old_one_cancelled_the_new_one_is_the_first_visit(journey: Journey) -> None:
    maya = journey.add_client()
    old = _book(journey, maya, NEXT_TUESDAY)
    new = _book(journey, maya, NEXT_TUESDAY + timedelta(days=7))
    assert _row(journey, new).plan_note == "no_sequence"
    _cancel(journey, old)
    journey.live(days=20)
    assert [line.split()[0] for line in journey.mail(maya)][-1] == TOMORROW
    assert journey.mail(maya)[-1] == f"{TOMORROW} Mon 07 17:00"


@ONE_IS_ENOUGH
def test_an_earlier_one_takes_the_first_visit_over_and_what_staff_said_stays(journey: Journey) -> None:
    maya, nora = journey.add_client(), journey.add_client("nora@example.com")
    later = _book(journey, maya, NEXT_TUESDAY + timedelta(days=7))
    told = Booking(nora, NEXT_TUESDAY + timedelta(days=7), first_session=True)
    with journey.app.transaction() as db:
        said = appointments.book(db, journey.clinic_id, told, by="sam", now=journey.now).id
    for client in (maya, nora):
        _book(journey, client, NEXT_TUESDAY)
    assert [_row(journey, one).first_session for one in (later, said)] == [False, True]
    _move(journey, later, NEXT_TUESDAY - timedelta(days=1))
    assert _row(journey, later).first_session is True


@ONE_IS_ENOUGH
def test_a_double_click_books_one_appointment(journey: Journey) -> None:
    maya = journey.add_client()
    _book(journey, maya)
    with pytest.raises(Conflict):
        _book(journey, maya)
    with journey.app.reading() as db:
        assert len(rows.of_client(db, maya)) == 1


@ONE_IS_ENOUGH
def test_a_first_visitor_who_books_anew_has_read_what_to_expect(journey: Journey) -> None:
    maya, nora = journey.add_client(), journey.add_client("nora@example.com")
    first, unsent = _book(journey, maya), _book(journey, nora, NEXT_TUESDAY + timedelta(days=10))
    journey.live_until(NEXT_TUESDAY - timedelta(days=2))
    for booked in (first, unsent):
        _cancel(journey, booked)
    later = NEXT_TUESDAY + timedelta(days=14)
    with journey.app.transaction() as db:
        booking = appointments.unsaved(db, journey.clinic_id, Booking(maya, later), by="sam", now=journey.now)
        shown = [one.step for one in preview.preview_booked(db, booking, now=journey.now).messages]
    for client in (maya, nora):
        _book(journey, client, later)
    journey.live(days=30)
    assert shown == [TOMORROW]
    assert journey.mail(maya) == [f"{EXPECT} Sat 28 10:00", f"{TOMORROW} Mon 14 17:00"]
    assert journey.mail(nora) == [f"{EXPECT} Sat 12 10:00", f"{TOMORROW} Mon 14 17:00"]


@ONE_IS_ENOUGH
@pytest.mark.parametrize("how", ["did_not_happen", "corrected", "cancelled"])
def test_who_was_not_here_after_all_has_her_first_visit_the_next_time(journey: Journey, how: str) -> None:
    maya = journey.add_client()
    missed = _book(journey, maya, journey.now + timedelta(days=1))
    following = _book(journey, maya, NEXT_TUESDAY)
    journey.live_until(journey.now + timedelta(days=1, hours=2))
    said = _say(journey, missed, "did_not_happen" if how == "did_not_happen" else "ordinary")
    assert _row(journey, following).first_session is (how == "did_not_happen")
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
    assert _row(journey, following).first_session is True
    assert _row(journey, following).plan_note == "planned"
