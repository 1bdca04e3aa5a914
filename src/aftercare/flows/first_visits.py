"""Which of a client's appointments is her first visit, also when others come, move or are called off."""

from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.models import Appointment
from aftercare.store import appointments, enrolments, messages
from aftercare.store import sessions as session_rows


def is_first(db: Session, client_id: str, starts_at: datetime) -> bool:
    """Whether she has neither been here nor will have been by then (UTC)."""
    sessions_before = {one.id: one for one in session_rows.of_client(db, client_id)}
    was_here = any(
        one.cancelled_at is None and one.outcome != "did_not_happen" for one in sessions_before.values()
    )
    will_have_been = any(
        one.cancelled_at is None and one.starts_at < starts_at and one.session_id not in sessions_before
        for one in appointments.of_client(db, client_id)
    )
    return not (was_here or will_have_been)


def look_again(db: Session, client_id: str, *, by: str, now: datetime) -> None:
    """Another appointment of hers has come, moved or gone: each that is still to come is, or is no longer,
    the first visit, unless somebody has said which, and where that changes it is planned anew by the next
    sweep. Lock the client's appointments and the client first."""
    for one in appointments.coming(db, client_id, now):
        first = one.first_session if one.first_by_staff else is_first(db, client_id, one.starts_at)
        if first != one.first_session:
            one.first_session = first
            _plan_anew(db, one, by, now)
    db.flush()


def _plan_anew(db: Session, appointment: Appointment, by: str, now: datetime) -> None:
    runs = [run.enrolment.id for run in enrolments.of_appointment(db, appointment.id)]
    enrolments.undo(db, runs, reason="appointment_cancelled", by=by, now=now)
    messages.cancel_unsent(db, reason="appointment_cancelled", by=by, now=now, enrolment_id=runs)
    appointment.planned_at = appointment.plan_note = None
