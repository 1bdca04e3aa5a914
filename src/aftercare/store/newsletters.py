"""Issues of newsletters: to whom each goes, and how far it has come, counted from rows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, func, select, update
from sqlalchemy.orm import Session, aliased

from aftercare.domain.segments import Segment
from aftercare.domain.states import CANCELLABLE, MessageState
from aftercare.errors import NotFound
from aftercare.models import (
    Client,
    Clinic,
    Consent,
    Enrolment,
    Message,
    NewsletterIssue,
    Sequence,
    Suppression,
)
from aftercare.store.clients import are_clients
from aftercare.store.enrolments import OPEN_STATES
from aftercare.store.segments import fits

_Columns = TypeVarTuple("_Columns")
UNDER_WAY = NewsletterIssue.scheduled_at.is_not(None), NewsletterIssue.finished_at.is_(None)
"""Issues that were scheduled and of which not every email is settled."""


class Entry(NamedTuple):
    """An issue with its sequence."""

    issue: NewsletterIssue
    sequence: Sequence


class SubscriberRow(NamedTuple):
    """Somebody who consents to the topic."""

    client: Client
    suppressed: bool
    in_segment: bool


class Place(NamedTuple):
    """An email that fills a day of somebody's calendar: when it left, or is to leave (UTC)."""

    client_id: str
    enrolment_id: str
    at: datetime
    counted: bool


class Tally(NamedTuple):
    """How many emails of an issue stand in a state, for which reason."""

    state: str
    reason: str | None
    number: int


class Aftermath(NamedTuple):
    """Of those who got it: how many have left its topic since, and whose address turned out to be dead or
    complained."""

    unsubscribed: int
    bounced: int


def get(db: Session, clinic_id: str, issue_id: str) -> Entry:
    """An issue of this clinic; NotFound."""
    found = db.execute(_entries().where(_of(clinic_id), NewsletterIssue.id == issue_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such issue.")
    return Entry(*found)


def of_slug(db: Session, clinic_id: str, slug: str) -> NewsletterIssue | None:
    """The issue that is the sequence of this slug, if it is one."""
    query = select(NewsletterIssue).join(Sequence, Sequence.id == NewsletterIssue.sequence_id)
    return db.scalar(query.where(_of(clinic_id), Sequence.slug == slug))


def all_of(db: Session, clinic_id: str) -> list[Entry]:
    """A clinic's issues, the newest first."""
    newest = NewsletterIssue.created_at.desc(), NewsletterIssue.id
    return [Entry(*row) for row in db.execute(_entries().where(_of(clinic_id)).order_by(*newest))]


def unfinished(db: Session, *, lock: bool = False) -> list[Entry]:
    """Issues of every clinic that were scheduled and of which not every email is settled, oldest first.
    `lock`: locked, without those that somebody is changing or enrolling people in just now."""
    query = _entries().where(*UNDER_WAY).order_by(NewsletterIssue.scheduled_at, NewsletterIssue.id)
    if lock:
        query = query.with_for_update(skip_locked=True, of=NewsletterIssue)
    return [Entry(*row) for row in db.execute(query.execution_options(populate_existing=True))]


def lock(db: Session, clinic_id: str, issue_id: str) -> Entry:
    """As `get`, with the issue locked, so that two who schedule or cancel it take turns, and no batch of
    people is being enrolled."""
    query = select(NewsletterIssue.id).where(_of(clinic_id), NewsletterIssue.id == issue_id)
    db.execute(query.with_for_update())
    db.expire_all()
    return get(db, clinic_id, issue_id)


def share(db: Session, issue_id: str) -> Entry | None:
    """An issue that nobody can cancel or pause until the transaction ends, though others may share it."""
    query = _entries().where(NewsletterIssue.id == issue_id)
    found = db.execute(query.with_for_update(read=True, of=NewsletterIssue)).one_or_none()
    return None if found is None else Entry(*found)


def drop(db: Session, issue: NewsletterIssue) -> None:
    """Delete a draft; its sequence is the caller's."""
    db.delete(issue)
    db.flush()


def subscribers(db: Session, clinic: Clinic, topic: str, segment: Segment) -> list[SubscriberRow]:
    """Everybody whose consent to the topic is in force, and whether each is in this segment."""
    suppressed = (
        select(Suppression.id)
        .where(Suppression.clinic_id == Client.clinic_id, Suppression.email_key == Client.email_key)
        .correlate(Client)
        .exists()
    )
    query = _subscribed(select(Client, suppressed, fits(segment, clinic)), clinic.id, topic).order_by(
        Client.id
    )
    return [SubscriberRow(row[0], bool(row[1]), bool(row[2])) for row in db.execute(query)]


def places(db: Session, clinic_id: str, start: datetime, end: datetime, *, but: str) -> list[Place]:
    """What a clinic's subscribers were sent, or are to be sent, between these instants (UTC), without the
    emails of the sequence `but`."""
    query = select(Message.client_id, Message.enrolment_id, Message.comes_at, Message.counted).where(
        Message.clinic_id == clinic_id,
        Message.planned_for >= start,
        Message.planned_for < end,
        Message.state.in_((*OPEN_STATES, MessageState.SENT)),
        Message.sequence_id != but,
    )
    return [Place(*row) for row in db.execute(query)]


def count_subscribers(db: Session, clinic_id: str, topic: str) -> int:
    """How many consents to the topic are in force."""
    return db.scalar(_subscribed(select(func.count()).select_from(Client), clinic_id, topic)) or 0


def not_enrolled(
    db: Session,
    issue: NewsletterIssue,
    clinic: Clinic,
    *,
    limit: int,
    among: Collection[str] | None = None,
) -> list[str]:
    """Ids of those who are to have this issue and have no run of it yet, up to `limit`, in the order in which
    they are to be locked. This set alone says what is left to do. `among`: of these ids only."""
    enrolled = (
        select(Enrolment.id)
        .where(Enrolment.sequence_id == issue.sequence_id, Enrolment.client_id == Client.id)
        .correlate(Client)
        .exists()
    )
    query = _subscribed(select(Client.id), issue.clinic_id, issue.topic).where(
        Consent.recorded_at <= issue.starts_at, fits(Segment.parse(issue.segment), clinic), ~enrolled
    )
    if among is not None:
        query = query.where(Client.id.in_(among))
    return list(db.scalars(query.order_by(Client.id).limit(limit)))


def lock_free(db: Session, client_ids: Collection[str], limit: int) -> list[str]:
    """Up to `limit` of these clients that nobody else has locked, locked now: another worker enrols the
    others."""
    query = select(Client.id).where(Client.id.in_(client_ids)).order_by(Client.id).limit(limit)
    return list(db.scalars(query.with_for_update(skip_locked=True)))


def tally(db: Session, sequence_id: str) -> list[Tally]:
    """Whose email of an issue is in which state, and why. Who left the topic and came back has a newer one
    beside the cancelled; that one counts."""
    newer = aliased(Message)
    stands = select(newer.id).where(newer.enrolment_id == Enrolment.id, newer.state != "cancelled")
    people = func.count(Enrolment.id.distinct())
    query = (
        _messages_of(select(Message.state, Message.reason, people), sequence_id)
        .where((Message.state != "cancelled") | ~stands.correlate(Enrolment).exists())
        .group_by(Message.state, Message.reason)
        .order_by(Message.state, Message.reason)
    )
    return [Tally(*row) for row in db.execute(query)]


def aftermath(db: Session, issue: NewsletterIssue) -> Aftermath:
    """What became known of those who got it."""
    got_it = _messages_of(select(func.count()), issue.sequence_id).where(Message.state == MessageState.SENT)
    left = got_it.join(
        Consent,
        (Consent.client_id == Message.client_id)
        & (Consent.topic == issue.topic)
        & Consent.current
        & ~Consent.given
        & (Consent.recorded_at >= Message.sent_at),
    )
    bounced = got_it.join(Client, Client.id == Message.client_id).join(
        Suppression,
        (Suppression.email_key == Client.email_key)
        & (Suppression.clinic_id == Client.clinic_id)
        & (Suppression.recorded_at >= Message.sent_at),
    )
    return Aftermath(db.scalar(left) or 0, db.scalar(bounced) or 0)


def has_open(db: Session, sequence_id: str) -> bool:
    """Whether an email of this issue is still to be settled."""
    query = _messages_of(select(Message.id), sequence_id).where(Message.state.in_(OPEN_STATES))
    return db.scalar(query.limit(1)) is not None


def go_on(db: Session, sequence_id: str, *, by: str, now: datetime) -> None:
    """What stood still because the issue was paused is planned again, due as before. Rows that somebody is
    changing just now are left to the next sweep: waiting for them could close a ring."""
    waiting = Message.state == MessageState.HELD, Message.reason == "sequence_paused"
    values = {"state": MessageState.PLANNED, "reason": None, "changed_by": by, "changed_at": now}
    _change(db, _messages_of(select(Message.id), sequence_id).where(*waiting), values)


def take_back(db: Session, sequence_id: str, *, by: str, now: datetime) -> None:
    """Cancel every email of an issue that has not begun to leave, but for rows that somebody is changing just
    now. One that may have arrived is skipped instead, as everywhere (P3)."""
    may_have_arrived = (Message.resends > 0) | (Message.reason == "ambiguous")
    state = case((may_have_arrived, MessageState.SKIPPED), else_=MessageState.CANCELLED)
    values = {
        "state": state,
        "reason": "issue_cancelled",
        "changed_by": by,
        "changed_at": now,
        "fence": None,
        "lease_until": None,
    }
    _change(db, _messages_of(select(Message.id), sequence_id).where(Message.state.in_(CANCELLABLE)), values)


def held(db: Session, sequence_id: str, planned_before: datetime) -> list[Message]:
    """Emails of an issue that stand still although they were planned for before then (UTC), locked; without
    those that somebody is changing just now."""
    stands = Message.state == MessageState.HELD, Message.planned_for < planned_before
    query = _messages_of(select(Message), sequence_id).where(*stands)
    return list(db.scalars(query.with_for_update(skip_locked=True, of=Message)))


def end_runs(db: Session, sequence_id: str, *, by: str, now: datetime) -> None:
    """End every run of a cancelled issue, but for those that somebody is changing just now."""
    runs = select(Enrolment.id).where(Enrolment.sequence_id == sequence_id, Enrolment.ended_at.is_(None))
    db.execute(
        update(Enrolment)
        .where(Enrolment.id.in_(runs.with_for_update(skip_locked=True)))
        .values(ended_at=now, exit_reason="issue_cancelled", ended_by=by)
        .execution_options(synchronize_session=False)
    )


def _change(db: Session, which: Select[str], values: Mapping[str, object]) -> None:
    free = which.with_for_update(skip_locked=True, of=Message)
    db.execute(
        update(Message)
        .where(Message.id.in_(free))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _entries() -> Select[NewsletterIssue, Sequence]:
    return select(NewsletterIssue, Sequence).join(Sequence, Sequence.id == NewsletterIssue.sequence_id)


def _of(clinic_id: str) -> ColumnElement[bool]:
    return NewsletterIssue.clinic_id == clinic_id


def _subscribed(query: Select[*_Columns], clinic_id: str, topic: str) -> Select[*_Columns]:
    given = (Consent.client_id == Client.id) & (Consent.topic == topic) & Consent.current & Consent.given
    return query.join(Consent, given).where(Client.clinic_id == clinic_id, are_clients())


def _messages_of(query: Select[*_Columns], sequence_id: str) -> Select[*_Columns]:
    """By way of the runs, which are found by their sequence."""
    return query.join_from(Enrolment, Message, Message.enrolment_id == Enrolment.id).where(
        Enrolment.sequence_id == sequence_id
    )
