"""Runs whose visit came to nothing, after an email of theirs went out, or may have. One that nobody has seen
anything of is of no account any more."""

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.models import Appointment, CareSession, Enrolment, Message


def of_session(db: Session, session_id: str, sequence_id: str) -> Enrolment | None:
    """The latest run of this sequence that was undone with this session."""
    query = _seen(sequence_id).where(
        Enrolment.session_id == session_id, Enrolment.exit_reason == "session_cancelled"
    )
    return db.scalar(query.limit(1).execution_options(populate_existing=True))


def before_first_visit(db: Session, client_id: str, sequence_id: str) -> Enrolment | None:
    """The latest run of this sequence before a first visit of hers that was cancelled or did not happen."""
    called_off = Enrolment.exit_reason == "appointment_cancelled"
    query = _seen(sequence_id).where(
        Enrolment.client_id == client_id,
        or_(called_off, Enrolment.appointment_id.in_(_did_not_happen(client_id))),
    )
    found = db.scalars(query.execution_options(populate_existing=True))
    return next((run for run in found if run.facts.get("first_session")), None)


def steps_seen(db: Session, run: Enrolment) -> frozenset[str]:
    """Which of its emails went out, or may have."""
    query = select(Message.step_key).where(Message.enrolment_id == run.id, *_went_out())
    return frozenset(db.scalars(query))


def _did_not_happen(client_id: str) -> Select[str]:
    return (
        select(Appointment.id)
        .join(CareSession, CareSession.id == Appointment.session_id)
        .where(
            Appointment.client_id == client_id,
            CareSession.outcome == "did_not_happen",
            CareSession.cancelled_at.is_(None),
        )
    )


def _seen(sequence_id: str) -> Select[Enrolment]:
    seen = select(Message.id).where(Message.enrolment_id == Enrolment.id, *_went_out())
    return (
        select(Enrolment)
        .where(
            Enrolment.sequence_id == sequence_id,
            seen.correlate(Enrolment).exists(),
        )
        .order_by(Enrolment.started_at.desc(), Enrolment.id)
    )


def _went_out() -> tuple[ColumnElement[bool], ...]:
    return Message.attempts > 0, Message.state != MessageState.CANCELLED
