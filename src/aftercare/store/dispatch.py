"""The sending protocol's statements: claim with lease and fence, begin to transmit, record (P2, P3, P7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, Update, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from aftercare.domain.lanes import ALERTS
from aftercare.domain.states import MessageState
from aftercare.models import (
    Appointment,
    Attempt,
    Client,
    Clinic,
    Enrolment,
    Message,
    Sequence,
    SequenceVersion,
    Staff,
)
from aftercare.models.base import UTCDateTime
from aftercare.models.care_session import CareSession
from aftercare.store import consents

SUSPECT_CLAIMS = 2
"""Lost claims in a row after which a message is no longer claimed together with others."""


@dataclass(frozen=True)
class Claimed:
    """A claimed message with the facts that decide about it, read in one query."""

    message: Message
    client: Client
    clinic: Clinic
    sequence: Sequence
    version: SequenceVersion
    enrolment: Enrolment
    therapist: str | None
    consent: bool
    suppressed: bool
    marketing: bool
    """Whether she agreed to hear from the clinic beyond her care."""


def senders_with_due_work(db: Session, now: datetime) -> dict[str, int]:
    """How many messages are due, by sender; alerts first, since nothing is to be handed out before them."""
    return dict(db.execute(_SENDERS, {"now": now}).all())


def has_due_alerts(db: Session, now: datetime) -> bool:
    """Whether somebody is to be told of something at once."""
    query = select(Message.id).where(
        Message.sender == ALERTS, Message.state == MessageState.PLANNED, Message.due_at <= now
    )
    return db.scalar(query.limit(1)) is not None


def claim(
    db: Session, *, sender: str, now: datetime, fence: str, lease_until: datetime, limit: int
) -> list[str]:
    """Claim up to `limit` due messages for this fence; ids, longest due first.

    One statement on both databases. PostgreSQL passes over rows that another worker is claiming; on
    SQLite the transaction itself (BEGIN IMMEDIATE) keeps claimers apart. Two kinds of rows are claimed
    alone: one that was lost with its worker twice, since the one that kills workers must not take its
    neighbours along (F10), and one that is sent again after a doubt, since a second doubt would leave it to
    staff and a lone row is on the wire for the shortest time."""
    facts = {"now": now, "whose": sender, "by": fence, "until": lease_until}
    claimed = db.execute(_CLAIM, {**facts, "most": limit}).all()
    claimed = claimed or db.execute(_CLAIM_ALONE, {**facts, "most": 1}).all()
    return [row.id for row in sorted(claimed, key=lambda row: (row[0], row[1], row[2]))]


def _claim(which: ColumnElement[bool]) -> Update:
    due = (
        select(Message.id)
        .where(*_DUE, Message.sender == bindparam("whose"), which)
        .order_by(Message.due_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(Message)
        .where(Message.id.in_(select(due.c.id)))
        .values(
            state=MessageState.CLAIMED,
            fence=bindparam("by"),
            lease_until=bindparam("until"),
            claims=Message.claims + 1,
            changed_by="engine",
            changed_at=_NOW,
        )
        .returning(Message.due_at, Message.planned_for, Message.id)
        .execution_options(synchronize_session=False)
    )


# Made once, for they are asked several times for each email: SQLAlchemy takes longer to put such a question
# together than a database to answer it.
_NOW = bindparam("now", type_=UTCDateTime())
_DUE = Message.state == MessageState.PLANNED, Message.due_at <= _NOW
_IS_ALONE = (Message.claims >= SUSPECT_CLAIMS) | (Message.resends > 0)
_CLAIM, _CLAIM_ALONE = _claim(~_IS_ALONE), _claim(_IS_ALONE)
_SENDERS = (
    select(Message.sender, func.count())
    .where(*_DUE)
    .group_by(Message.sender)
    .order_by(Message.sender != ALERTS, Message.sender)
)


def renew_lease(db: Session, fence: str, until: datetime) -> None:
    """Keep what this fence has claimed or on the wire for a while longer (F12: a slow relay is no dead
    worker)."""
    db.execute(
        update(Message)
        .where(Message.id.in_(_free_rows(fence, MessageState.CLAIMED, MessageState.TRANSMITTING)))
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )


def release(db: Session, fence: str, now: datetime) -> None:
    """Give back what this fence claimed and did not use."""
    db.execute(
        update(Message)
        .where(Message.id.in_(_free_rows(fence, MessageState.CLAIMED)))
        .values(state=MessageState.PLANNED, fence=None, lease_until=None, claims=0, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def _free_rows(fence: str, *states: MessageState) -> Select[str]:
    """Rows of this fence that nobody is changing just now. Whoever locks one (an opt-out, a hold) holds its
    client too and may want a second one: waiting for him here could close a ring."""
    mine = select(Message.id).where(Message.fence == fence, Message.state.in_(states))
    return mine.with_for_update(skip_locked=True)


def owners(db: Session, fence: str, message_ids: Collection[str]) -> list[str]:
    """The clients of those of these messages that this fence still holds."""
    query = select(Message.client_id).where(
        Message.id.in_(message_ids), Message.fence == fence, Message.state == MessageState.CLAIMED
    )
    return sorted(set(db.scalars(query)))


def claimed_facts(db: Session, fence: str, message_ids: Collection[str]) -> list[Claimed]:
    """Everything known about the messages that this fence still holds. Lock their clients first."""
    facts = (consents.allows_message(), consents.suppresses_message())
    therapist = func.coalesce(CareSession.therapist_id, Appointment.therapist_id)
    query = (
        select(Message, Client, Clinic, Sequence, SequenceVersion, Enrolment, Staff.first_name, *facts)
        .add_columns(consents.agrees_to(*consents.MARKETING))
        .join(Client, Client.id == Message.client_id)
        .join(Clinic, Clinic.id == Message.clinic_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .join(SequenceVersion, SequenceVersion.id == Enrolment.version_id)
        .outerjoin(CareSession, CareSession.id == Enrolment.session_id)
        .outerjoin(Appointment, Appointment.id == Enrolment.appointment_id)
        .outerjoin(Staff, Staff.id == therapist)
        .where(Message.id.in_(message_ids), Message.fence == fence, Message.state == MessageState.CLAIMED)
        .order_by(Message.planned_for, Message.id)
        .execution_options(populate_existing=True)
    )
    return [Claimed(*row) for row in db.execute(query)]


def begin_transmitting(
    db: Session, fence: str, message_ids: Collection[str], *, now: datetime, lease_until: datetime
) -> set[str]:
    """Move these messages from claimed to transmitting; returns those that may go on the wire.

    The one UPDATE that decides (P7): a row whose fence was overtaken, whose person has said stop, whose
    address must not be mailed or who is held since is not returned and must not be sent."""
    moved = db.execute(
        update(Message)
        .where(
            Message.id.in_(message_ids),
            Message.state == MessageState.CLAIMED,
            Message.fence == fence,
            (consents.allows_message() & ~_is_held()) | (Message.purpose == "account"),
            ~consents.suppresses_message(),
        )
        .values(
            state=MessageState.TRANSMITTING,
            attempts=Message.attempts + 1,
            lease_until=lease_until,
            changed_by="engine",
            changed_at=now,
        )
        .returning(Message.id, Message.attempts, Message.clinic_id, Message.resends)
        .execution_options(synchronize_session=False)
    ).all()
    if moved:
        # On the connection: a row per message goes in, and none is looked at again.
        db.connection().execute(insert(Attempt), [_attempt(*row, now) for row in moved])
    return {row.id for row in moved}


def _is_held() -> ColumnElement[bool]:
    """SQL: the person of a `message` row is held, its moment lies in her pause, or its sequence is paused."""
    still = Client.held_at.is_not(None) | (Message.planned_for < Client.paused_until)
    person = select(Client.id).where(Client.id == Message.client_id, still)
    sequence = select(Sequence.id).where(Sequence.id == Message.sequence_id, Sequence.paused_at.is_not(None))
    return person.correlate(Message).exists() | sequence.correlate(Message).exists()


def _attempt(
    message_id: str, number: int, clinic_id: str, resends: int, now: datetime
) -> dict[str, str | int | bool | datetime]:
    return {
        "clinic_id": clinic_id,
        "message_id": message_id,
        "number": number,
        "started_at": now,
        "possible_duplicate": resends > 0,
    }


def owners_of(db: Session, message_ids: Collection[str]) -> list[str]:
    """The clients of these messages."""
    return sorted(set(db.scalars(select(Message.client_id).where(Message.id.in_(message_ids)))))


def on_the_wire(db: Session, fence: str, message_ids: Collection[str]) -> list[Message]:
    """Those of these messages that this fence still has in transmission, locked."""
    query = (
        select(Message)
        .where(
            Message.id.in_(message_ids),
            Message.fence == fence,
            Message.state == MessageState.TRANSMITTING,
        )
        .order_by(Message.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(db.scalars(query))


def settle_accepted(
    db: Session, fence: str, message_ids: Collection[str], now: datetime
) -> list[tuple[str, int]]:
    """Those of these messages that this fence still has in transmission are sent: what becomes of almost
    every message, in one statement. Returns their ids and attempt numbers."""
    moved = db.execute(
        update(Message)
        .where(
            Message.id.in_(message_ids),
            Message.fence == fence,
            Message.state == MessageState.TRANSMITTING,
        )
        .values(
            state=MessageState.SENT,
            reason=None,
            sent_at=now,
            fence=None,
            lease_until=None,
            claims=0,
            changed_by="engine",
            changed_at=now,
        )
        .returning(Message.id, Message.attempts)
        .execution_options(synchronize_session=False)
    )
    return [(row[0], row[1]) for row in moved]


def settle_late_proof(db: Session, message_ids: Collection[str], now: datetime) -> None:
    """The relay did take these, says a worker that had been given up: out of doubt, they are sent."""
    db.execute(
        update(Message)
        .where(Message.id.in_(message_ids), Message.state == MessageState.UNKNOWN)
        .values(
            state=MessageState.SENT, reason="late_proof", sent_at=now, changed_by="engine", changed_at=now
        )
        .execution_options(synchronize_session=False)
    )


def finish_attempts(db: Session, fates: Collection[tuple[str, int, str, str]], now: datetime) -> None:
    """Complete attempts: (message id, attempt number, outcome, reason)."""
    if not fates:
        return
    finish = (
        update(Attempt)
        .where(Attempt.message_id == bindparam("of_message"), Attempt.number == bindparam("of_number"))
        .values(ended_at=now, outcome=bindparam("what"), reason=bindparam("why"))
    )
    names = ("of_message", "of_number", "what", "why")
    # On the connection, so that all of them travel together.
    db.connection().execute(finish, [dict(zip(names, fate, strict=True)) for fate in fates])
