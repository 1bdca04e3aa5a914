"""Emails as steps show them, for whoever looks at one before anything is sent."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.domain.states import CANCELLABLE
from aftercare.errors import NotFound
from aftercare.models import EmailVersion, Message, Sequence, SequenceVersion, StepRow


class Illustrated(NamedTuple):
    """An email and the newest version of a sequence that it is a step of."""

    email: EmailVersion
    sequence: Sequence
    version: SequenceVersion
    step_key: str


def of_email(db: Session, clinic_id: str, email_version_id: str) -> Illustrated:
    """An email of this clinic with its sequence; NotFound, also for another clinic's."""
    query = (
        select(EmailVersion, Sequence, SequenceVersion, StepRow.key)
        .join(StepRow, StepRow.email_version_id == EmailVersion.id)
        .join(SequenceVersion, SequenceVersion.id == StepRow.version_id)
        .join(Sequence, Sequence.id == SequenceVersion.sequence_id)
        .where(EmailVersion.clinic_id == clinic_id, EmailVersion.id == email_version_id)
        .order_by(SequenceVersion.number.desc())
        .limit(1)
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound("There is no such email.")
    return Illustrated(*found)


def planned_for(db: Session, client_id: str, email_version_id: str) -> str | None:
    """The id of the message by which this client will get this email next, if it stands planned."""
    query = select(Message.id).where(
        Message.client_id == client_id,
        Message.email_version_id == email_version_id,
        Message.state.in_(CANCELLABLE),
    )
    return db.scalar(query.order_by(Message.planned_for).limit(1))
