"""What ends everything for one client at once: a word from staff that all must stop, a death, a move away."""

from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import replan, sessions, support_path
from aftercare.flows.sessions import SessionFacts
from aftercare.models import CareSession, Client
from aftercare.models.care_session import SOMEBODY_ELSES
from aftercare.store import appointments, audit, clients, consents, enrolments, messages
from aftercare.store import sessions as session_rows

REASONS = ("stop_now", "died", "moved_away")
STOPPED = "stopped_everything"
"""Why the runs and emails of such a client ended."""


def stop_everything(
    db: Session, clinic_id: str, client_id: str, reason: str, *, by: str, now: datetime
) -> bool:
    """Nothing goes out to this client any more, also not what she asked for herself; from the commit on
    nothing starts transmission, whoever has claimed it (P7). What she consented to stays on record. Naming
    another reason later is possible. Returns whether anything changed. InvalidInput, NotFound."""
    if reason not in REASONS:
        raise InvalidInput("reason", f"choose from {', '.join(REASONS)}")
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    if client.stopped_at is not None and client.stopped_reason == reason:
        return False
    was_dead = client.stopped_reason == "died"
    client.stopped_at, client.stopped_by = client.stopped_at or now, by
    client.stopped_reason = reason
    db.flush()
    active = [run.enrolment.id for run in enrolments.active(db, client.id)]
    enrolments.end(db, active, reason=STOPPED, by=by, now=now)
    messages.cancel_unsent(db, reason=STOPPED, by=by, now=now, client_id=[client.id])
    if reason == "died":
        # Nobody is to be told about her any more either. Her hold stays, should this be taken back.
        support_path.close(db, client, by=by, now=now)
    elif was_dead:
        # Staff pressed the wrong button, and she may be waiting for that call.
        support_path.reopen(db, client, closed_since=client.stopped_at, now=now)
    audit.record(db, clinic_id, "client.stopped", client.id, actor=by, now=now, detail={"reason": reason})
    return True


def take_stop_back(db: Session, clinic_id: str, client_id: str, *, by: str, now: datetime) -> bool:
    """It was a mistake, or is over: the runs that it ended go on with what is not too late, as far as she
    still says yes to them. Only staff can do this. Returns whether anything changed. NotFound."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    if client.stopped_at is None:
        return False
    for topic, record in consents.current(db, client.id).items():
        if record.given:
            enrolments.reopen(db, client.id, topic=topic, reason=STOPPED, ended_at=client.stopped_at)
    closed_since = client.stopped_at if client.stopped_reason == "died" else None
    client.stopped_at = client.stopped_by = client.stopped_reason = None
    db.flush()
    support_path.restore(db, client, closed_since=closed_since, reason=STOPPED, by=by, now=now)
    replan.replan_client(db, client.id, now=now, by=by)
    audit.record(db, clinic_id, "client.restored", client.id, actor=by, now=now)
    return True


def was_somebody_else(
    db: Session, clinic_id: str, session_id: str, right_client_id: str, *, by: str, now: datetime
) -> CareSession:
    """The session belonged to another client: it is taken back as `cancel_session` does, and logged for her.
    What was sent cannot come back; of the rest, the one for whom it was logged is told nothing should she ask
    what is known about her. Submit `schedule_followups` for the new session after the commit.
    Conflict where it is hers already or was cancelled; NotFound."""
    wrong = session_rows.get(db, clinic_id, session_id)
    right = clients.get(db, clinic_id, right_client_id)
    for one in sorted((wrong.client_id, right.id)):
        appointments.lock_of_client(db, one)
    session_rows.lock(db, session_id)
    if wrong.cancelled_at is not None or wrong.client_id == right.id:
        raise Conflict("This session was cancelled, or belongs to this client already.")
    clients.lock_all(db, [wrong.client_id, right.id])
    sessions.cancel_session(db, clinic_id, session_id, by=by, now=now)
    wrong.plan_note = SOMEBODY_ELSES
    audit.record(db, clinic_id, "session.somebody_elses", wrong.client_id, actor=by, now=now)
    facts = SessionFacts(
        client_id=right.id,
        ended_at=wrong.ended_at,
        outcome=wrong.outcome,
        therapist_id=wrong.therapist_id,
        service=wrong.service,
        first_session=_was_first(db, right, wrong.ended_at),
    )
    return sessions.log_session(db, clinic_id, facts, by=by, now=now)


def _was_first(db: Session, client: Client, ended_at: datetime) -> bool:
    before = (one for one in session_rows.of_client(db, client.id) if one.ended_at < ended_at)
    return not any(one.cancelled_at is None and one.outcome != "did_not_happen" for one in before)
