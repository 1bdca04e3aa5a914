"""A clinic's clients as a list: who is in which sequence, and what comes next for each."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, Exists, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from aftercare.domain.states import CANCELLABLE
from aftercare.models import (
    CareSession,
    Client,
    Consent,
    Enrolment,
    Message,
    Sequence,
    SequenceVersion,
    Suppression,
)
from aftercare.store.clients import are_clients
from aftercare.store.consents import ALONE_SLUGS
from aftercare.store.enrolments import RunOf

TOPIC = "aftercare"


def page(db: Session, clinic_id: str, *, only: str, after: Client | None, limit: int | None) -> list[Client]:
    """Clients by first name, those without one last; behind `after`, at most `limit`. `only`: a key
    of `ONLY`."""
    unnamed = case((Client.first_name == "", 1), else_=0)
    place = tuple_(unnamed, func.lower(Client.first_name), Client.id)
    query = select(Client).where(Client.clinic_id == clinic_id, are_clients(), *ONLY[only]())
    if after is not None:
        last = (literal(int(not after.first_name)), func.lower(literal(after.first_name)), after.id)
        query = query.where(place > tuple_(*last))
    return list(db.scalars(query.order_by(*place.clauses).limit(limit)))


def last_sessions(db: Session, client_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these clients was here last (UTC)."""
    query = (
        select(CareSession.client_id, func.max(CareSession.ended_at))
        .where(
            CareSession.client_id.in_(client_ids),
            CareSession.cancelled_at.is_(None),
            CareSession.outcome != "did_not_happen",
        )
        .group_by(CareSession.client_id)
    )
    return dict(db.execute(query).all())


def upcoming(db: Session, client_ids: Collection[str]) -> list[Message]:
    """What is still to come for these clients, next first."""
    query = select(Message).where(Message.client_id.in_(client_ids), Message.state.in_(CANCELLABLE))
    return list(db.scalars(query.order_by(Message.comes_at, Message.id)))


def runs(db: Session, client_ids: Collection[str]) -> list[RunOf]:
    """What these clients are in the middle of, oldest first; being asked for consent is no run to them."""
    query = (
        select(Enrolment, Sequence, SequenceVersion)
        .join(Sequence, Sequence.id == Enrolment.sequence_id)
        .join(SequenceVersion, SequenceVersion.id == Enrolment.version_id)
        .where(
            Enrolment.client_id.in_(client_ids),
            Enrolment.ended_at.is_(None),
            Sequence.slug.not_in(ALONE_SLUGS),
        )
        .order_by(Enrolment.started_at, Enrolment.id)
    )
    return [RunOf(*row) for row in db.execute(query)]


def consents(db: Session, client_ids: Collection[str]) -> dict[str, bool]:
    """Of those who ever said yes or stop to aftercare emails: which of the two stands."""
    query = select(Consent.client_id, Consent.given).where(
        Consent.client_id.in_(client_ids), Consent.topic == TOPIC, Consent.current
    )
    return dict(db.execute(query).all())


def suppressed(db: Session, clinic_id: str, email_keys: Collection[str]) -> set[str]:
    """Those of these addresses that must not be mailed."""
    query = select(Suppression.email_key).where(
        Suppression.clinic_id == clinic_id, Suppression.email_key.in_(email_keys)
    )
    return set(db.scalars(query))


def _is_running() -> tuple[ColumnElement[bool], ...]:
    run = (
        select(Enrolment.id)
        .join(Sequence, Sequence.id == Enrolment.sequence_id)
        .where(
            Enrolment.client_id == Client.id, Enrolment.ended_at.is_(None), Sequence.slug.not_in(ALONE_SLUGS)
        )
    )
    return (run.exists(),)


def _has_no_consent() -> tuple[ColumnElement[bool], ...]:
    return (~_says(),)


def _has_stopped() -> tuple[ColumnElement[bool], ...]:
    return (_says(Consent.given.is_(False)),)


def _waits() -> tuple[ColumnElement[bool], ...]:
    return (Client.held_at.is_not(None) | Client.paused_until.is_not(None),)


def _says(*what: ColumnElement[bool]) -> Exists:
    record = select(Consent.id).where(
        Consent.client_id == Client.id, Consent.topic == TOPIC, Consent.current, *what
    )
    return record.exists()


ONLY: Mapping[str, Callable[[], tuple[ColumnElement[bool], ...]]] = MappingProxyType(
    {
        "all": lambda: (),
        "running": _is_running,
        "no-consent": _has_no_consent,
        "stopped": _has_stopped,
        "waiting": _waits,
    }
)
