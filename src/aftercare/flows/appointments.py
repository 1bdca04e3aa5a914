"""Booking, moving and cancelling appointments, and saying afterwards whether they took place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import booked, first_visits, sessions
from aftercare.flows.sessions import SessionFacts
from aftercare.models import Appointment, CareSession, new_id
from aftercare.store import appointments, audit, clients, clinics
from aftercare.store import sessions as session_rows

LENGTH = timedelta(hours=1)
"""Of an appointment whose end nobody has named."""
LONGEST = timedelta(hours=24)
MOST_AHEAD = timedelta(days=731)
ASKED_FOR = timedelta(days=14)
"""So long staff are asked how an appointment went."""


@dataclass(frozen=True)
class Booking:
    """A visit to come. Instants are aware; no `ends_at`: an hour later. No `first_session`: it is the first
    unless the client was here before, or has an earlier appointment."""

    client_id: str
    starts_at: datetime
    ends_at: datetime | None = None
    therapist_id: str | None = None
    service: str = ""
    first_session: bool | None = None


def book(db: Session, clinic_id: str, new: Booking, *, by: str, now: datetime) -> Appointment:
    """Record an appointment. After the commit submit `schedule_appointment` with its id; should that be lost,
    the sweep finds the row. InvalidInput, NotFound; Conflict where she has one at that time, as after a
    double click."""
    appointments.lock_of_client(db, new.client_id)
    clients.lock(db, clients.get(db, clinic_id, new.client_id).id)
    appointment = unsaved(db, clinic_id, new, by=by, now=now)
    if _is_taken(db, appointment):
        raise Conflict("This client has an appointment at that time already. Nothing was booked twice.")
    db.add(appointment)
    db.flush()
    first_visits.look_again(db, appointment.client_id, by=by, now=now)
    _audit(db, appointment, "appointment.booked", by, now)
    return appointment


def unsaved(db: Session, clinic_id: str, new: Booking, *, by: str, now: datetime) -> Appointment:
    """The checked row of an appointment, not yet recorded: for a preview. InvalidInput, NotFound."""
    client = clients.get(db, clinic_id, new.client_id)
    if new.therapist_id is not None:
        clinics.staff_member(db, clinic_id, new.therapist_id)
    ends_at = new.ends_at or new.starts_at + LENGTH
    _check(new.starts_at, ends_at, now)
    is_first = new.first_session
    if is_first is None:
        is_first = first_visits.is_first(db, client.id, new.starts_at)
    return Appointment(
        id=new_id("apt"),
        clinic_id=clinic_id,
        client_id=client.id,
        therapist_id=new.therapist_id,
        starts_at=new.starts_at,
        ends_at=ends_at,
        service=new.service,
        first_session=is_first,
        first_by_staff=new.first_session is not None,
        booked_by=by,
        booked_at=now,
        told_at=now,
    )


def move(
    db: Session,
    clinic_id: str,
    appointment_id: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    *,
    by: str,
    now: datetime,
) -> Appointment:
    """It takes place at another time; no `ends_at`: it takes as long as before. Unsent emails follow it, sent
    ones do not come again. Submit `schedule_appointment` after the commit. Moving it to where it is changes
    nothing. InvalidInput; Conflict where it was cancelled or is over, or she has another one at that time."""
    appointment = _locked(db, clinic_id, appointment_id)
    _refuse_when_settled(db, appointment)
    if appointment.cancelled_at is not None:
        raise Conflict("This appointment was cancelled. Book a new one instead.")
    ends_at = ends_at or starts_at + (appointment.ends_at - appointment.starts_at)
    if (starts_at, ends_at) == (appointment.starts_at, appointment.ends_at):
        return appointment
    _refuse_when_over(appointment, now)
    _check(starts_at, ends_at, now)
    clients.lock(db, appointment.client_id)
    appointment.starts_at, appointment.ends_at, appointment.told_at = starts_at, ends_at, now
    if _is_taken(db, appointment):
        raise Conflict("This client has another appointment at that time already. Nothing was moved.")
    db.flush()
    first_visits.look_again(db, appointment.client_id, by=by, now=now)
    booked.follow_the_move(db, appointment, by=by, now=now)
    _audit(db, appointment, "appointment.moved", by, now)
    return appointment


def cancel(db: Session, clinic_id: str, appointment_id: str, *, by: str, now: datetime) -> None:
    """It will not take place: its unsent emails go with it. Doing it twice changes nothing. Conflict where a
    session says already how it went."""
    appointment = _locked(db, clinic_id, appointment_id)
    if appointment.cancelled_at is not None:
        return
    _refuse_when_settled(db, appointment)
    client = clients.lock(db, appointment.client_id)
    appointment.cancelled_at, appointment.cancelled_by = now, by
    appointment.planned_at, appointment.plan_note = appointment.planned_at or now, "appointment_cancelled"
    db.flush()
    first_visits.look_again(db, client.id, by=by, now=now)
    booked.take_back(db, client, appointment, by=by, now=now)
    _audit(db, appointment, "appointment.cancelled", by, now)


def say_how_it_went(
    db: Session, clinic_id: str, appointment_id: str, outcome: str, *, by: str, now: datetime
) -> CareSession:
    """Log the session of an appointment that is over (`did_not_happen` is an outcome, too). Submit
    `schedule_followups` after the commit. InvalidInput; Conflict before its end, or where it was said."""
    appointment = _locked(db, clinic_id, appointment_id)
    _refuse_when_settled(db, appointment)
    if appointment.cancelled_at is not None or now < appointment.ends_at:
        raise Conflict("This appointment is not over, or was cancelled.")
    facts = SessionFacts(
        client_id=appointment.client_id,
        ended_at=appointment.ends_at,
        outcome=outcome,
        therapist_id=appointment.therapist_id,
        service=appointment.service,
        first_session=appointment.first_session,
    )
    return sessions.log_session(db, clinic_id, facts, booked_as=appointment, by=by, now=now)


def _locked(db: Session, clinic_id: str, appointment_id: str) -> Appointment:
    client_id = appointments.get(db, clinic_id, appointment_id).client_id
    locked = {one.id: one for one in appointments.lock_of_client(db, client_id)}
    appointment = locked.get(appointment_id)
    if appointment is None:
        raise Conflict("This appointment was removed meanwhile.")
    return appointment


def _refuse_when_settled(db: Session, appointment: Appointment) -> None:
    if appointment.session_id is None:
        return
    said = session_rows.get(db, appointment.clinic_id, appointment.session_id)
    if said.cancelled_at is None:
        raise Conflict("A session is logged for this appointment already. Correct that one instead.")


def _refuse_when_over(appointment: Appointment, now: datetime) -> None:
    if appointment.ends_at <= now:
        raise Conflict(
            "This appointment is over. Log the session, or say that it did not happen; then book a new one."
        )


def _is_taken(db: Session, appointment: Appointment) -> bool:
    """Whether the client has another appointment that begins when this one does. Lock her first: who books
    beside us waits for her."""
    return any(
        one.id != appointment.id and one.starts_at == appointment.starts_at and one.cancelled_at is None
        for one in appointments.of_client(db, appointment.client_id)
    )


def _check(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise InvalidInput("starts_at", "lies in the past; log the session instead")
    if starts_at - now > MOST_AHEAD:
        raise InvalidInput("starts_at", "is more than two years ahead; is the year right?")
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise InvalidInput("ends_at", "must come after the start, and within a day of it")


def _audit(db: Session, appointment: Appointment, action: str, by: str, now: datetime) -> None:
    detail = {"client": appointment.client_id}
    audit.record(db, appointment.clinic_id, action, appointment.id, actor=by, now=now, detail=detail)
