"""What a week holds for a clinic, as numbers."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.models import Client, Message
from aftercare.store import alerts, checkins
from aftercare.store.clients import are_clients

MOST = 999
"""More answers than anybody leaves unread."""


def emails_due(db: Session, clinic_id: str, start: datetime, end: datetime) -> int:
    """How many emails are to go to clients from `start` (inclusive) to `end` (exclusive; UTC)."""
    query = (
        select(func.count())
        .select_from(Message)
        .join(Client, Client.id == Message.client_id)
        .where(
            Message.clinic_id == clinic_id,
            Message.state.in_((MessageState.PLANNED, MessageState.CLAIMED)),
            Message.planned_for >= start,
            Message.planned_for < end,
            are_clients(),
        )
    )
    return db.scalar(query) or 0


def waiting(db: Session, clinic_id: str) -> int:
    """How many answers wait for a person: wishes for a call that nobody has taken on, and lines on Today."""
    return alerts.waiting(db, clinic_id) + len(checkins.unseen(db, clinic_id, limit=MOST))
