"""The consent ledger and the list of addresses that must not be mailed."""

from datetime import datetime

from sqlalchemy import ColumnElement, Exists, select, update
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.models import CareSession, Client, Consent, Message, Sequence, Suppression

REQUEST_SLUG = "consent-request"
"""The sequence of the one email that asks for consent; no trigger starts it."""
CONFIRMATION_SLUG = "newsletter-confirmation"
"""The same for somebody who signed up for the newsletter by the form on the web (ADR 20)."""
ASKING_SLUGS = (REQUEST_SLUG, CONFIRMATION_SLUG)
"""Sequences of one email that asks: no series to anybody, and needing no consent themselves."""
LINK_SLUG = "fresh-link"
"""The sequence of the one email with a fresh link, for somebody whose link was cut short."""
ALONE_SLUGS = (*ASKING_SLUGS, LINK_SLUG)
"""Sequences of one account email: no series to anybody, and started by no trigger and nobody's hand."""

SUPPORT_SLUG = "extra-support"
"""The contacts that somebody gets who would like a call; part of the support path."""
OFFERED_SLUG = "offered-support"
"""The same where a colleague began it: nobody has asked for them, and the words must not say so."""
SUPPORT_SLUGS = (SUPPORT_SLUG, OFFERED_SLUG)
CALL_BACK_SLUG = "call-back"
"""Word to the duty contact that somebody would like a call."""
ACCOUNT_SLUGS = (*ASKING_SLUGS, *SUPPORT_SLUGS, CALL_BACK_SLUG, LINK_SLUG)
"""What may go out without consent, at any hour and to somebody who is held: it asks, or was asked for."""

MARKETING = ("staying-in-touch", "newsletter")
"""A yes to one of these is a yes to a quiet word on booking."""

CAME_TO_NOTHING = (MessageState.CANCELLED, MessageState.SKIPPED, MessageState.FAILED)


def current(db: Session, client_id: str) -> dict[str, Consent]:
    """The record in force for each topic."""
    rows = db.scalars(select(Consent).where(Consent.client_id == client_id, Consent.current))
    return {row.topic: row for row in rows}


def is_given(db: Session, client_id: str, topic: str) -> bool:
    """Whether this person has said yes to this topic. Absent means no."""
    record = current(db, client_id).get(topic)
    return record is not None and record.given


def hears_more(db: Session, client_id: str) -> bool:
    """Whether this person agreed to hear from the clinic beyond her care."""
    return any(is_given(db, client_id, topic) for topic in MARKETING)


def history(db: Session, client_id: str) -> list[Consent]:
    """All records of a person, oldest first."""
    query = select(Consent).where(Consent.client_id == client_id)
    return list(db.scalars(query.order_by(Consent.recorded_at, Consent.id)))


def record(
    db: Session,
    client: Client,
    topic: str,
    *,
    given: bool,
    source: str,
    wording: str,
    by: str,
    now: datetime,
) -> Consent:
    """Add a record and make it the one in force. The caller holds the client's lock."""
    before = current(db, client.id).get(topic)
    if before is not None:
        db.execute(update(Consent).where(Consent.id == before.id).values(current=False))
    entry = Consent(
        clinic_id=client.clinic_id,
        client_id=client.id,
        topic=topic,
        given=given,
        source=source,
        wording=wording,
        recorded_by=by,
        recorded_at=now,
        replaced_given=None if before is None else before.given,
    )
    db.add(entry)
    db.flush()
    return entry


def allows_message() -> ColumnElement[bool]:
    """SQL: the person of a `message` row consents to its topic at this moment; a colleague, unless she has
    stopped it."""
    record = select(Consent.id).where(
        Consent.client_id == Message.client_id, Consent.topic == Message.topic, Consent.current
    )
    colleague = select(Client.id).where(Client.id == Message.client_id, Client.staff_id.is_not(None))
    said_yes = record.where(Consent.given).correlate(Message).exists()
    said_stop = record.where(~Consent.given).correlate(Message).exists()
    return said_yes | (colleague.correlate(Message).exists() & ~said_stop)


def agrees_to(*topics: str) -> Exists:
    """SQL: the person of a `message` row consents to one of these topics at this moment."""
    yes = select(Consent.id).where(Consent.client_id == Message.client_id, Consent.current, Consent.given)
    return yes.where(Consent.topic.in_(topics)).correlate(Message).exists()


def suppresses_message() -> ColumnElement[bool]:
    """SQL: the address of a `message` row's person must not be mailed, or everything was stopped for her."""
    address = (
        select(Suppression.id)
        .join(
            Client,
            (Client.address_key == Suppression.email_key) & (Client.clinic_id == Suppression.clinic_id),
        )
        .where(Client.id == Message.client_id)
    )
    person = select(Client.id).where(Client.id == Message.client_id, Client.stopped_at.is_not(None))
    return address.correlate(Message).exists() | person.correlate(Message).exists()


def suppression_of(db: Session, client: Client) -> Suppression | None:
    """Why this person's address must not be mailed, if so."""
    return db.scalar(
        select(Suppression).where(
            Suppression.clinic_id == client.clinic_id, Suppression.email_key == client.address_key
        )
    )


def suppress(db: Session, client: Client, *, reason: str, by: str, now: datetime) -> None:
    """Never mail this address again from this clinic; the first reason stays."""
    if suppression_of(db, client) is None:
        db.add(
            Suppression(
                clinic_id=client.clinic_id,
                email_key=client.address_key,
                reason=reason,
                recorded_by=by,
                recorded_at=now,
            )
        )
        db.flush()


def asked_since(db: Session, client_id: str, since: datetime) -> bool:
    """Whether an email that asks for consent went to this person since then, or is about to."""
    query = (
        select(Message.id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .where(
            Message.client_id == client_id,
            Sequence.slug == REQUEST_SLUG,
            Message.planned_for > since,
            Message.state.not_in(CAME_TO_NOTHING),
        )
    )
    return db.scalar(query.limit(1)) is not None


def lock_waiting_sessions(db: Session, client_id: str, since: datetime) -> list[CareSession]:
    """Sessions from then on that nothing followed for want of consent, oldest first, locked. As everywhere,
    lock them before the client."""
    query = (
        select(CareSession)
        .where(
            CareSession.client_id == client_id,
            CareSession.plan_note == "no_consent",
            CareSession.cancelled_at.is_(None),
            CareSession.ended_at >= since,
        )
        .order_by(CareSession.ended_at, CareSession.id)
        .with_for_update()
    )
    return list(db.scalars(query.execution_options(populate_existing=True)))
