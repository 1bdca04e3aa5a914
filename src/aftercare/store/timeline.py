"""One client's messages with the sequences that they belong to."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.models import Enrolment, Message, Sequence


class MessageOfRun(NamedTuple):
    """A message, the slug of its sequence, and the session that started its run."""

    message: Message
    sequence: str
    session_id: str | None


def messages_of(db: Session, client_id: str, *, limit: int) -> list[MessageOfRun]:
    """The client's latest `limit` messages, by planned instant, oldest first."""
    query = (
        select(Message, Sequence.slug, Enrolment.session_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .where(Message.client_id == client_id)
        .order_by(Message.planned_for.desc(), Message.id.desc())
        .limit(limit)
    )
    return [MessageOfRun(row[0], row[1], row[2]) for row in db.execute(query)][::-1]
