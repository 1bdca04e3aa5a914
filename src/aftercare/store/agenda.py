"""A clinic's emails by the moment at which they went out or are to go out."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.models import Client, EmailVersion, Enrolment, Message, Sequence, SequenceVersion
from aftercare.store.clients import are_clients


class Entry(NamedTuple):
    """One email, to whom, what it says, and the run that it belongs to."""

    message: Message
    client: Client
    sequence: Sequence
    email: EmailVersion
    run: Enrolment
    version: SequenceVersion


def between(
    db: Session,
    clinic_id: str,
    start: datetime,
    end: datetime,
    *,
    states: Collection[str],
    sequence: str | None,
    limit: int,
) -> list[Entry]:
    """At most `limit` emails in these states that were sent from `start` (inclusive) to `end` (exclusive), or
    are to go out then. `sequence`: a slug."""
    at = Message.comes_at
    query = (
        select(Message, Client, Sequence, EmailVersion, Enrolment, SequenceVersion)
        .join(Client, Client.id == Message.client_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .join(EmailVersion, EmailVersion.id == Message.email_version_id)
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .join(SequenceVersion, SequenceVersion.id == Enrolment.version_id)
        .where(
            Message.clinic_id == clinic_id, at >= start, at < end, Message.state.in_(states), are_clients()
        )
        .order_by(at, Message.id)
    )
    if sequence:
        query = query.where(Sequence.slug == sequence)
    return [Entry(*row) for row in db.execute(query.limit(limit))]
