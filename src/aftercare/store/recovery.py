"""Finds what a dead worker left behind (P6), and whose time has come."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.models import Client, Message
from aftercare.models.base import At

POISON_CLAIMS = 3


class Overdue(NamedTuple):
    """Emails that wait for the same reason, and when the first of them should have gone (UTC)."""

    reason: str
    number: int
    since: datetime


def take_back_claims(db: Session, *, unshifted: datetime, now: datetime) -> int:
    """Claims whose lease ran out become planned again; a row that was claimed three times without ever
    reaching a result is parked as failed, so that it cannot kill one worker after another (P13)."""
    lost = expired(MessageState.CLAIMED, unshifted).with_for_update(skip_locked=True)
    parked = db.execute(
        update(Message)
        .where(Message.id.in_(lost), Message.claims >= POISON_CLAIMS)
        .values(
            state=MessageState.FAILED,
            reason="parked_after_three_tries",
            fence=None,
            lease_until=None,
            changed_by="engine",
            changed_at=now,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    freed = db.execute(
        update(Message)
        .where(Message.id.in_(lost))
        .values(state=MessageState.PLANNED, fence=None, lease_until=None, changed_by="engine", changed_at=now)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(parked) + len(freed)


def find_unknown(db: Session, *, unshifted: datetime, now: datetime, reconcile: timedelta) -> int:
    """Transmissions whose worker died become `unknown`: whether they arrived is not to be known over
    SMTP (RFC 1047). Their stream's policy is applied after the reconcile wait."""
    lost = expired(MessageState.TRANSMITTING, unshifted).with_for_update(skip_locked=True)
    rows = db.execute(
        update(Message)
        .where(Message.id.in_(lost))
        .values(
            state=MessageState.UNKNOWN,
            reason="worker_lost",
            due_at=now + reconcile,
            fence=None,
            lease_until=None,
            changed_by="engine",
            changed_at=now,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


def unknown_to_settle(db: Session, now: datetime, *, limit: int = 500) -> list[Message]:
    """Messages of unknown fate whose reconcile wait is over, locked."""
    query = (
        select(Message)
        .where(*undecided(now))
        .order_by(Message.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(db.scalars(query))


def leave_out(db: Session, reason: str, now: datetime) -> None:
    """What stands still for this reason and would have gone out by now is skipped for good."""
    over = to_leave_out(reason, now).with_for_update(skip_locked=True)
    db.execute(
        update(Message)
        .where(Message.id.in_(over))
        .values(state=MessageState.SKIPPED, changed_by="engine", changed_at=now)
        .execution_options(synchronize_session=False)
    )


def overdue(
    db: Session, now: datetime, due_before: datetime, *, clinic_id: str | None = None
) -> list[Overdue]:
    """Unsent emails that a mail server turned away for now, or that have been due since `due_before`, by
    reason; those that are on the wire again just now too."""
    reason = func.coalesce(Message.reason, "")
    states = (MessageState.PLANNED, MessageState.CLAIMED, MessageState.TRANSMITTING)
    turned_away = reason.like("smtp\\_%", escape="\\")
    where = [
        Message.state.in_(states),
        Message.planned_for <= now,
        turned_away | (Message.due_at <= due_before),
    ]
    if clinic_id is not None:
        where.append(Message.clinic_id == clinic_id)
    query = select(reason, func.count(), func.min(Message.planned_for)).where(*where).group_by(reason)
    return [Overdue(*row) for row in db.execute(query)]


def pauses_over(db: Session, now: datetime, *, limit: int = 500) -> list[str]:
    """Clients whose pause has come to its end, in the order in which they are to be locked."""
    return list(db.scalars(paused_until(now).order_by(Client.id).limit(limit)))


def next_pause_end(db: Session, after: datetime) -> datetime | None:
    """When the next pause of anybody ends after this instant (UTC)."""
    return db.scalar(select(func.min(Client.paused_until)).where(Client.paused_until > after))


def expired(state: MessageState, unshifted: At) -> Select[str]:
    """Emails in this state whose lease ran out."""
    return select(Message.id).where(Message.state == state, Message.lease_until < unshifted)


def undecided(now: At) -> tuple[ColumnElement[bool], ...]:
    """Of unknown fate, and the reconcile wait is over."""
    return Message.state == MessageState.UNKNOWN, Message.due_at <= now


def to_leave_out(reason: str, now: At) -> Select[str]:
    """Emails that stand still for this reason and would have gone out by now."""
    return select(Message.id).where(
        Message.state == MessageState.HELD, Message.reason == reason, Message.planned_for <= now
    )


def paused_until(now: At) -> Select[str]:
    """Clients whose pause has come to its end."""
    return select(Client.id).where(Client.paused_until <= now)
