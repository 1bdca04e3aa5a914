"""A clinic's messages of all its clients, by planned instant."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.models import Client, Message, Sequence
from aftercare.store.clients import are_clients


class PlannedMail(NamedTuple):
    """A message, its client, and the slug of its sequence."""

    message: Message
    client: Client
    sequence: str


def page(
    db: Session,
    clinic_id: str,
    *,
    start: datetime,
    end: datetime,
    after: tuple[datetime, str] | None = None,
    limit: int,
) -> list[PlannedMail]:
    """At most `limit` messages planned from `start` (inclusive) to `end` (exclusive), cancelled ones left
    out, behind the one that was planned for `after[0]` and has the id `after[1]`."""
    query = (
        select(Message, Client, Sequence.slug)
        .join(Client, Client.id == Message.client_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .where(
            Message.clinic_id == clinic_id,
            Message.planned_for >= start,
            Message.planned_for < end,
            Message.state != "cancelled",
            are_clients(),
        )
        .order_by(Message.planned_for, Message.id)
        .limit(limit)
    )
    if after is not None:
        instant, message_id = after
        same = (Message.planned_for == instant) & (Message.id > message_id)
        query = query.where((Message.planned_for > instant) | same)
    return [PlannedMail(*row) for row in db.execute(query)]
