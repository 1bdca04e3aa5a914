"""What a clinic looks at in the morning: the day's emails, and what waits for a person."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.models import CareSession, Client, EmailVersion, Message, NewsletterIssue, Sequence
from aftercare.store.clients import are_clients
from aftercare.store.inbox import Letter


class WithoutConsent(NamedTuple):
    """A session that brought no emails, because there was no consent."""

    care_session: CareSession
    client: Client


def of_day(db: Session, clinic_id: str, start: datetime, end: datetime) -> list[Letter]:
    """Emails that were sent from `start` to `end`, or are to go out then, but for those taken back."""
    at = Message.comes_at
    query = (
        select(Message, Client, Sequence, EmailVersion)
        .join(Client, Client.id == Message.client_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .join(EmailVersion, EmailVersion.id == Message.email_version_id)
        .where(
            Message.clinic_id == clinic_id,
            at >= start,
            at < end,
            Message.state != MessageState.CANCELLED,
            are_clients(),
        )
        .order_by(at, Message.id)
    )
    return [Letter(*row) for row in db.execute(query)]


def in_trouble(db: Session, clinic_id: str, since: datetime) -> list[Letter]:
    """Emails that failed since then, and emails that nobody but a person can decide about."""
    failed = (Message.state == MessageState.FAILED) & (Message.changed_at >= since)
    in_doubt = (Message.state == MessageState.HELD) & (Message.reason == "ambiguous")
    query = (
        select(Message, Client, Sequence, EmailVersion)
        .join(Client, Client.id == Message.client_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .join(EmailVersion, EmailVersion.id == Message.email_version_id)
        .where(Message.clinic_id == clinic_id, failed | in_doubt, are_clients())
        .order_by(Message.changed_at.desc(), Message.id)
    )
    return [Letter(*row) for row in db.execute(query.limit(50))]


def on_hold(db: Session, clinic_id: str) -> list[Client]:
    """Clients whose emails wait until somebody releases them, longest first."""
    query = select(Client).where(
        Client.clinic_id == clinic_id, Client.held_at.is_not(None), _is_written_to(), are_clients()
    )
    return list(db.scalars(query.order_by(Client.held_at).limit(50)))


def without_consent(db: Session, clinic_id: str, since: datetime) -> list[WithoutConsent]:
    """Sessions logged since then that brought no emails for want of consent."""
    query = (
        select(CareSession, Client)
        .join(Client, Client.id == CareSession.client_id)
        .where(
            CareSession.clinic_id == clinic_id,
            CareSession.plan_note == "no_consent",
            CareSession.cancelled_at.is_(None),
            CareSession.logged_at >= since,
            _is_written_to(),
        )
        .order_by(CareSession.logged_at.desc())
    )
    return [WithoutConsent(row[0], row[1]) for row in db.execute(query.limit(50))]


def _is_written_to() -> ColumnElement[bool]:
    """SQL: not everything was stopped for this client, so that there is something to decide."""
    return Client.stopped_at.is_(None)


def paused(db: Session, clinic_id: str) -> list[tuple[Sequence, int]]:
    """Paused sequences, each with the number of emails that wait; not an issue that was cancelled, or
    has come to its end, which nobody can resume."""
    waiting = func.count(Message.id)
    over = select(NewsletterIssue.sequence_id).where(NewsletterIssue.state.in_(("cancelled", "sent")))
    query = (
        select(Sequence, waiting)
        .outerjoin(Message, (Message.sequence_id == Sequence.id) & (Message.state == MessageState.HELD))
        .where(Sequence.clinic_id == clinic_id, Sequence.paused_at.is_not(None), Sequence.id.not_in(over))
        .group_by(Sequence.id)
        .order_by(Sequence.name)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def has_clients(db: Session, clinic_id: str) -> bool:
    """Whether anybody was added yet."""
    query = select(Client.id).where(Client.clinic_id == clinic_id, are_clients())
    return db.scalar(query.limit(1)) is not None


def has_sessions(db: Session, clinic_id: str) -> bool:
    """Whether a session was logged yet."""
    return db.scalar(select(CareSession.id).where(CareSession.clinic_id == clinic_id).limit(1)) is not None
