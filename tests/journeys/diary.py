"""What a clinic does with its appointments, in one line each."""

from datetime import UTC, datetime, timedelta

from aftercare.flows import appointments, sequences
from aftercare.flows.appointments import Booking
from aftercare.mail.paths import templates_root
from aftercare.models import Appointment
from aftercare.store import appointments as rows
from tests.journeys.harness import Journey

NEXT_TUESDAY = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


def publish(journey: Journey, slug: str) -> None:
    """What is sent before visits, or after them."""
    files = sequences.read_folder(templates_root() / "sequences" / "en" / slug)
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)


def book(journey: Journey, client: str, starts_at: datetime = NEXT_TUESDAY, *, lost: bool = False) -> str:
    """An appointment of an hour, planned unless its task is lost; its id."""
    booking = Booking(client_id=client, starts_at=starts_at, therapist_id=journey.therapist_id)
    with journey.app.transaction() as db:
        booked = appointments.book(db, journey.clinic_id, booking, by="sam", now=journey.now).id
    if not lost:
        journey.app.submit("schedule_appointment", booked)
        journey.app.drain()
    return booked


def move(journey: Journey, appointment: str, starts_at: datetime) -> None:
    """It takes place then instead."""
    with journey.app.transaction() as db:
        appointments.move(db, journey.clinic_id, appointment, starts_at, by="sam", now=journey.now)
    journey.app.submit("schedule_appointment", appointment)
    journey.app.drain()


def cancel(journey: Journey, appointment: str) -> None:
    """It does not take place."""
    with journey.app.transaction() as db:
        appointments.cancel(db, journey.clinic_id, appointment, by="sam", now=journey.now)


def say(journey: Journey, appointment: str, outcome: str) -> str:
    """How it went; the id of its session."""
    with journey.app.transaction() as db:
        logged = appointments.say_how_it_went(
            db, journey.clinic_id, appointment, outcome, by="sam", now=journey.now
        ).id
    journey.app.submit("schedule_followups", logged)
    journey.app.drain()
    return logged


def asked(journey: Journey) -> list[str]:
    """The appointments of which Today asks how they went."""
    with journey.app.reading() as db:
        found = rows.to_ask_about(
            db, journey.clinic_id, since=journey.now - timedelta(days=14), now=journey.now
        )
    return [one.appointment.id for one in found]


def row(journey: Journey, appointment: str) -> Appointment:
    """The appointment as it stands."""
    with journey.app.reading() as db:
        return rows.get(db, journey.clinic_id, appointment)
