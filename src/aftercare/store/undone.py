"""Runs that were undone with what had started them, after an email of theirs went out, or may have. One that
nobody has seen anything of is of no account any more."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.models import Enrolment, Message


def of_session(db: Session, session_id: str, sequence_id: str) -> Enrolment | None:
    """The latest run of this sequence that was undone with this session."""
    query = _seen(sequence_id, "session_cancelled").where(Enrolment.session_id == session_id)
    return db.scalar(query.limit(1).execution_options(populate_existing=True))


def before_first_visit(db: Session, client_id: str, sequence_id: str) -> Enrolment | None:
    """The latest run of this sequence before a first visit of hers that came to nothing."""
    query = _seen(sequence_id, "appointment_cancelled").where(Enrolment.client_id == client_id)
    found = db.scalars(query.execution_options(populate_existing=True))
    return next((run for run in found if run.facts.get("first_session")), None)


def steps_seen(db: Session, run: Enrolment) -> frozenset[str]:
    """Which of its emails went out, or may have."""
    query = select(Message.step_key).where(Message.enrolment_id == run.id, *_went_out())
    return frozenset(db.scalars(query))


def _seen(sequence_id: str, reason: str) -> Select[Enrolment]:
    seen = select(Message.id).where(Message.enrolment_id == Enrolment.id, *_went_out())
    return (
        select(Enrolment)
        .where(
            Enrolment.sequence_id == sequence_id,
            Enrolment.exit_reason == reason,
            seen.correlate(Enrolment).exists(),
        )
        .order_by(Enrolment.started_at.desc(), Enrolment.id)
    )


def _went_out() -> tuple[ColumnElement[bool], ...]:
    return Message.attempts > 0, Message.state != MessageState.CANCELLED
