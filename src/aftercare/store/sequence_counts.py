"""How much is on its way in the sequences of a clinic."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aftercare.models import AuditEntry, Client, Enrolment, Message
from aftercare.store.clients import are_clients

TO_COME = ("planned", "claimed", "held", "transmitting")


class InFlight(NamedTuple):
    """Somebody who is part-way in a sequence, with her newest run of it."""

    client: Client
    enrolment: Enrolment


class StepCount(NamedTuple):
    """Emails of one step, over all versions: still to come, and sent."""

    to_come: int = 0
    sent: int = 0


def planned_between(db: Session, clinic_id: str, start: datetime, end: datetime) -> dict[str, int]:
    """Emails planned from `start` (inclusive) to `end` (exclusive, both UTC), by sequence id."""
    query = (
        select(Message.sequence_id, func.count())
        .where(
            Message.clinic_id == clinic_id,
            Message.state.in_(TO_COME),
            Message.planned_for >= start,
            Message.planned_for < end,
        )
        .group_by(Message.sequence_id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def by_step(db: Session, sequence_id: str) -> dict[str, StepCount]:
    """What each step has sent and has still to send, by step key."""
    query = (
        select(Message.step_key, Message.state, func.count())
        .where(Message.sequence_id == sequence_id, Message.state.in_((*TO_COME, "sent")))
        .group_by(Message.step_key, Message.state)
    )
    found: dict[str, StepCount] = defaultdict(StepCount)
    for key, state, count in db.execute(query):
        before = found[key]
        sent, to_come = (count, 0) if state == "sent" else (0, count)
        found[key] = StepCount(before.to_come + to_come, before.sent + sent)
    return dict(found)


def in_flight(db: Session, sequence_id: str, limit: int) -> list[InFlight]:
    """Up to `limit` people who are part-way, those who came in last first."""
    query = (
        select(Client, Enrolment)
        .join(Enrolment, Enrolment.client_id == Client.id)
        .where(Enrolment.sequence_id == sequence_id, Enrolment.ended_at.is_(None), are_clients())
        .order_by(Enrolment.started_at.desc(), Enrolment.id)
        .limit(limit)
    )
    newest = {row[0].id: InFlight(*row) for row in reversed(db.execute(query).all())}
    return list(reversed(newest.values()))


def acts_since(db: Session, clinic_id: str, actor: str, action: str, since: datetime) -> int:
    """How often somebody has done something since that instant (UTC, inclusive)."""
    query = select(func.count()).where(
        AuditEntry.clinic_id == clinic_id,
        AuditEntry.actor == actor,
        AuditEntry.action == action,
        AuditEntry.at >= since,
    )
    return db.scalar(query) or 0
