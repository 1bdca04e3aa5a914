"""Messages as the planner sees them: what stands, what was sent, and the moves between."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from aftercare.domain.states import CANCELLABLE, MessageState, check_move
from aftercare.models import Attempt, Enrolment, Message, Sequence
from aftercare.store import alerts

UNSENT = (MessageState.PLANNED, MessageState.HELD)
ON_ITS_WAY = (MessageState.CLAIMED, MessageState.TRANSMITTING, MessageState.UNKNOWN)


TOO_LATE = ("past", "expired")
PLANNED_AGAIN = "@"
"""In the dedupe key of a row that stays as a record only: its step may be planned anew (`plan_again`)."""


class Had(NamedTuple):
    """A step that somebody got, or may have got, and when (UTC)."""

    sequence_id: str
    step_key: str
    at: datetime


def had_from_undone_runs(db: Session, client_id: str) -> tuple[Had, ...]:
    """What left for this person in runs whose session was cancelled afterwards."""
    query = (
        select(Message.sequence_id, Message.step_key, func.coalesce(Message.sent_at, Message.changed_at))
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .where(
            Message.client_id == client_id,
            Enrolment.exit_reason == "session_cancelled",
            Message.state.in_((MessageState.SENT, MessageState.TRANSMITTING, MessageState.UNKNOWN)),
        )
    )
    return tuple(Had(*row) for row in db.execute(query))


def of_client(db: Session, client_id: str) -> list[Message]:
    """All messages of a client by planned instant."""
    query = select(Message).where(Message.client_id == client_id)
    return list(db.scalars(query.order_by(Message.planned_for, Message.id)))


def of_runs(db: Session, enrolment_ids: Collection[str]) -> list[Message]:
    """All messages of these runs that were neither cancelled nor planned again since, read afresh."""
    query = select(Message).where(
        Message.enrolment_id.in_(enrolment_ids),
        Message.state != MessageState.CANCELLED,
        ~Message.dedupe_key.contains(PLANNED_AGAIN),
    )
    return list(db.scalars(query.execution_options(populate_existing=True)))


def of_run(db: Session, enrolment_id: str) -> list[Message]:
    """All messages of one run, cancelled ones too, in the order in which they last changed."""
    query = select(Message).where(Message.enrolment_id == enrolment_id)
    return list(db.scalars(query.order_by(Message.changed_at, Message.id)))


def sent_or_on_the_wire(db: Session, client_ids: Collection[str], since: datetime) -> list[Message]:
    """What counts against the caps of these clients: sent since `since`, or on its way now."""
    query = select(Message).where(
        Message.client_id.in_(client_ids),
        ((Message.state == MessageState.SENT) & (Message.sent_at >= since))
        | Message.state.in_((MessageState.TRANSMITTING, MessageState.UNKNOWN)),
    )
    return list(db.scalars(query))


class Doubt(NamedTuple):
    """An email that may have arrived, and when it would have (UTC), though its row does not say `sent`."""

    message_id: str
    client_id: str
    enrolment_id: str
    counted: bool
    at: datetime


def in_doubt(db: Session, client_ids: Collection[str], since: datetime) -> list[Doubt]:
    """What may be in the inboxes of these clients since `since` (P3): emails of which no answer of a mail
    server is known, and that are neither sent nor on the wire now. They wait to be sent again, or for
    somebody's decision, or were left out in the end."""
    gone = (MessageState.SENT, MessageState.TRANSMITTING, MessageState.UNKNOWN)
    query = (
        select(
            Message.id,
            Message.client_id,
            Message.enrolment_id,
            Message.counted,
            func.max(Attempt.started_at),
        )
        .join(Attempt, Attempt.message_id == Message.id)
        .where(
            Message.client_id.in_(client_ids),
            Message.state.not_in(gone),
            Attempt.outcome.is_(None) | (Attempt.outcome == "unknown"),
            Attempt.started_at >= since,
        )
        .group_by(Message.id, Message.client_id, Message.enrolment_id, Message.counted)
    )
    return [Doubt(*row) for row in db.execute(query)]


def cards_had(
    db: Session, client_id: str, *, ending: Collection[str] = ()
) -> list[tuple[dict[str, str], datetime]]:
    """The cards of rotating blocks in every email that this person had, or is about to have, of any
    sequence, and when (UTC); without what will be cancelled in the runs that are `ending`."""
    query = select(Message.cards, Message.comes_at).where(
        Message.client_id == client_id,
        Message.state.in_((MessageState.SENT, *ON_ITS_WAY, *UNSENT)),
        ~(Message.enrolment_id.in_(ending) & Message.state.in_(CANCELLABLE)),
    )
    return [(cards, at) for cards, at in db.execute(query)]


def add_all(db: Session, rows: Iterable[Message]) -> None:
    """Insert."""
    db.add_all(rows)
    db.flush()


def set_state(message: Message, state: MessageState, *, reason: str | None, by: str, now: datetime) -> None:
    """Move one message that the caller has locked (through its client); IllegalMove."""
    check_move(MessageState(message.state), state)
    message.state = state
    message.reason = reason
    message.changed_by = by
    message.changed_at = now


def cancel_unsent(db: Session, *, reason: str, by: str, now: datetime, **where: Collection[str]) -> int:
    """Cancel what is planned, held or claimed and matches `where` (column=values); returns how many.

    A row that is in transmission may finish; the sender finds a claimed one gone (P7). What may have arrived
    already is skipped instead: a cancelled row would make room for the same email anew (P3)."""
    conditions = [getattr(Message, column).in_(values) for column, values in where.items()]
    may_have_arrived = (Message.resends > 0) | (Message.reason == "ambiguous")
    result = db.execute(
        update(Message)
        .where(Message.state.in_(CANCELLABLE), *conditions)
        .values(
            state=case((may_have_arrived, MessageState.SKIPPED), else_=MessageState.CANCELLED),
            reason=reason,
            changed_by=by,
            changed_at=now,
            fence=None,
            lease_until=None,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


def plan_again(
    db: Session,
    enrolment_ids: Collection[str],
    *,
    reasons: Collection[str] = TOO_LATE,
    steps: Collection[str] | None = None,
) -> None:
    """Steps of these runs (of these `steps` only) that were left out, by default as too late, have another
    chance, because what they are counted from has moved. What is final stays final: the old rows only give
    their keys away."""
    db.execute(
        update(Message)
        .where(
            Message.enrolment_id.in_(enrolment_ids),
            Message.state == MessageState.SKIPPED,
            Message.reason.in_(reasons),
            *([] if steps is None else [Message.step_key.in_(steps)]),
            Message.attempts == 0,
            ~Message.dedupe_key.contains(PLANNED_AGAIN),
        )
        .values(dedupe_key=Message.dedupe_key + PLANNED_AGAIN + Message.id)
        .execution_options(synchronize_session=False)
    )


def let_go(db: Session, enrolment_ids: Collection[str], *, by: str, now: datetime) -> None:
    """What a worker has claimed of these runs is planned again, so that it can follow a move; the worker
    finds it gone."""
    db.execute(
        update(Message)
        .where(Message.enrolment_id.in_(enrolment_ids), Message.state == MessageState.CLAIMED)
        .values(
            state=MessageState.PLANNED, fence=None, lease_until=None, claims=0, changed_by=by, changed_at=now
        )
        .execution_options(synchronize_session=False)
    )


def over_at(db: Session, enrolment_id: str) -> datetime | None:
    """When the last email of a run went out, or was settled otherwise (UTC), whenever that was noticed."""
    return db.scalar(select(func.max(Message.changed_at)).where(Message.enrolment_id == enrolment_id))


def run_sizes(db: Session, enrolment_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """How many emails each run has and over how many days (first to last planned, rounded up)."""
    planned = Message.planned_for
    counted = (
        select(Message.enrolment_id, func.count(), func.min(planned), func.max(planned))
        .where(
            Message.enrolment_id.in_(enrolment_ids),
            Message.state.not_in((MessageState.CANCELLED, MessageState.SKIPPED, MessageState.FAILED)),
        )
        .group_by(Message.enrolment_id)
    )
    return {
        run: (count, max(1, -((first - last) // timedelta(days=1))))
        for run, count, first, last in db.execute(counted)
    }


def by_message_id(db: Session, header_values: Collection[str]) -> dict[str, tuple[Message, Sequence]]:
    """Messages and sequences by Message-ID header."""
    query = (
        select(Message, Sequence)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .where(Message.mime_message_id.in_(header_values))
    )
    return {str(row[0].mime_message_id): (row[0], row[1]) for row in db.execute(query)}


def counts_by_state(db: Session) -> dict[str, int]:
    """How many messages stand in each state."""
    rows = db.execute(select(Message.state, func.count()).group_by(Message.state))
    return dict(rows.all())


def next_due(db: Session, after: datetime) -> datetime | None:
    """The next instant after `after` at which anything becomes due: an email, or word to a second contact."""
    query = select(func.min(Message.due_at)).where(
        Message.state.in_((MessageState.PLANNED, MessageState.UNKNOWN)), Message.due_at > after
    )
    found = db.scalar(query), alerts.next_escalation(db, after)
    return min(filter(None, found), default=None)


def page(db: Session, clinic_id: str, *, start: datetime, end: datetime, **where: Any) -> list[Message]:
    """A clinic's messages planned from `start` (inclusive) to `end` (exclusive)."""
    query = select(Message).where(
        Message.clinic_id == clinic_id,
        Message.planned_for >= start,
        Message.planned_for < end,
        *(getattr(Message, column) == value for column, value in where.items()),
    )
    return list(db.scalars(query.order_by(Message.planned_for, Message.id)))


def anything_to_do(db: Session, now: datetime) -> bool:
    """Whether a message is due, claimed or in transmission at this instant."""
    query = select(Message.id).where(
        (Message.state.in_((MessageState.PLANNED, MessageState.UNKNOWN)) & (Message.due_at <= now))
        | Message.state.in_((MessageState.CLAIMED, MessageState.TRANSMITTING))
    )
    return db.scalar(query.limit(1)) is not None
