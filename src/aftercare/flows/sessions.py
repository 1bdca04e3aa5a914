"""Logging, correcting and cancelling sessions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import enrolments, first_visits, replan
from aftercare.models import Appointment, CareSession, new_id
from aftercare.store import appointments, audit, clients, clinics, sessions
from aftercare.store import enrolments as runs

OUTCOMES = ("ordinary", "strong_feelings", "no_aftercare", "did_not_happen")


@dataclass(frozen=True)
class SessionFacts:
    """What a therapist logs. `ended_at` is an aware instant."""

    client_id: str
    ended_at: datetime
    outcome: str
    therapist_id: str | None = None
    service: str = ""
    first_session: bool = False


def log_session(
    db: Session,
    clinic_id: str,
    facts: SessionFacts,
    *,
    booked_as: Appointment | None = None,
    by: str,
    now: datetime,
) -> CareSession:
    """Record a session, which also says how the appointment went that it was booked as, if any: this locked
    one, or the nearest. After the commit submit `schedule_followups` with its id; should that be lost, the
    sweep finds the row (it is the outbox). InvalidInput, NotFound."""
    care_session = unsaved_session(db, clinic_id, facts, by=by, now=now)
    # Before the session's row: that one locks its client a little, and appointments come before clients.
    booked = appointments.lock_of_client(db, care_session.client_id)
    appointment = booked_as or appointments.lock_nearest(db, care_session.client_id, care_session.ended_at)
    db.add(care_session)
    db.flush()
    if appointment is not None:
        appointment.session_id = care_session.id
    if booked:
        _who_comes_first(db, care_session.client_id, by=by, now=now)
    audit.record(db, clinic_id, "session.logged", care_session.id, actor=by, now=now)
    return care_session


def unsaved_session(
    db: Session, clinic_id: str, facts: SessionFacts, *, by: str, now: datetime
) -> CareSession:
    """The checked row of a session, not yet recorded: for a preview. InvalidInput, NotFound."""
    if facts.outcome not in OUTCOMES:
        raise InvalidInput("outcome", f"choose from {', '.join(OUTCOMES)}")
    client = clients.get(db, clinic_id, facts.client_id)
    if facts.therapist_id is not None:
        clinics.staff_member(db, clinic_id, facts.therapist_id)
    return CareSession(
        id=new_id("ses"),
        clinic_id=clinic_id,
        client_id=client.id,
        therapist_id=facts.therapist_id,
        ended_at=facts.ended_at,
        outcome=facts.outcome,
        service=facts.service,
        first_session=facts.first_session,
        logged_by=by,
        logged_at=now,
    )


def cancel_session(db: Session, clinic_id: str, session_id: str, *, by: str, now: datetime) -> None:
    """The session was logged by mistake: its unsent emails go with it, and runs that gave way to it go on
    with what is not too late. Doing it twice changes nothing."""
    care_session = _locked(db, clinic_id, session_id)
    if care_session.cancelled_at is not None:
        return
    clients.lock(db, care_session.client_id)
    care_session.cancelled_at = now
    enrolments.take_back(db, care_session, by=by, now=now)
    sessions.mark_planned(care_session, note="session_cancelled", now=now)
    _who_comes_first(db, care_session.client_id, by=by, now=now)
    replan.replan_client(db, care_session.client_id, now=now, by=by)
    audit.record(db, clinic_id, "session.cancelled", care_session.id, actor=by, now=now)


def correct_session(
    db: Session,
    clinic_id: str,
    session_id: str,
    *,
    ended_at: datetime | None = None,
    outcome: str | None = None,
    by: str,
    now: datetime,
) -> CareSession:
    """Correct when a session ended or how it was logged. Unsent steps follow, sent ones stay (R5).

    Submit `schedule_followups` after the commit: another outcome may mean another sequence."""
    if outcome is not None and outcome not in OUTCOMES:
        raise InvalidInput("outcome", f"choose from {', '.join(OUTCOMES)}")
    care_session = _locked(db, clinic_id, session_id)
    if care_session.cancelled_at is not None:
        raise Conflict("This session was cancelled. Log it again instead.")
    clients.lock(db, care_session.client_id)
    other_outcome = outcome is not None and outcome != care_session.outcome
    care_session.outcome = outcome or care_session.outcome
    care_session.ended_at = ended_at or care_session.ended_at
    if other_outcome:
        enrolments.take_back(db, care_session, by=by, now=now)
        care_session.planned_at = care_session.plan_note = None
        _who_comes_first(db, care_session.client_id, by=by, now=now)
    else:
        runs.move_anchor(db, care_session.id, care_session.ended_at)
    db.flush()
    replan.replan_client(db, care_session.client_id, now=now, by=by)
    audit.record(db, clinic_id, "session.corrected", care_session.id, actor=by, now=now)
    return care_session


def _who_comes_first(db: Session, client_id: str, *, by: str, now: datetime) -> None:
    """Whether she was here has changed, and with it whether what is booked is her first visit."""
    clients.lock(db, client_id)
    db.flush()
    first_visits.look_again(db, client_id, by=by, now=now)


def _locked(db: Session, clinic_id: str, session_id: str) -> CareSession:
    appointments.lock_of_client(db, sessions.get(db, clinic_id, session_id).client_id)
    care_session = sessions.lock(db, session_id)
    if care_session is None:
        raise Conflict("This session was removed meanwhile.")
    return care_session
