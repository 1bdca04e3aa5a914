"""One client's emails with all that a person wants to know of them, newest first."""

from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from aftercare.models import EmailVersion, Enrolment, Message, Sequence, SequenceVersion
from aftercare.store import emails


class Mail(NamedTuple):
    """A message, what it says, and the run that it belongs to. `number`: of the version that its words are
    from."""

    message: Message
    email: EmailVersion
    sequence: Sequence
    run: Enrolment
    version: SequenceVersion
    number: int


def mails_of(db: Session, client_id: str, *, before: Message | None, limit: int) -> list[Mail]:
    """A client's emails by planned instant, latest first, earlier than the one that was seen last."""
    query = (
        select(Message, EmailVersion, Sequence, Enrolment, SequenceVersion, emails.number_of_text())
        .join(EmailVersion, EmailVersion.id == Message.email_version_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .join(SequenceVersion, SequenceVersion.id == Enrolment.version_id)
        .where(Message.client_id == client_id)
        .order_by(Message.planned_for.desc(), Message.id.desc())
    )
    if before is not None:
        query = query.where(tuple_(Message.planned_for, Message.id) < (before.planned_for, before.id))
    return [Mail(*row) for row in db.execute(query.limit(limit))]
