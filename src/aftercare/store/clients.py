"""Clients."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import CareSession, Client


def are_clients() -> ColumnElement[bool]:
    """SQL: this `client` row is of somebody who receives care, not of a colleague who gets emails (ADR 17)
    or of somebody who has not confirmed a sign-up (ADR 20). Every list, count and search of clients asks for
    it."""
    return Client.staff_id.is_(None) & Client.signup_id.is_(None)


def get(db: Session, clinic_id: str, client_id: str) -> Client:
    """A client of this clinic; NotFound, also for another clinic's."""
    mine = select(Client).where(Client.clinic_id == clinic_id, Client.id == client_id, are_clients())
    found = db.scalar(mine)
    if found is None:
        raise NotFound("There is no such client.")
    return found


def by_email(db: Session, clinic_id: str, email_key: str) -> Client | None:
    """The client with this address (in its compared form), if any; never a colleague."""
    return db.scalar(select(Client).where(Client.clinic_id == clinic_id, Client.email_key == email_key))


def by_id(db: Session, client_id: str) -> Client | None:
    """A client of any clinic: for links whose token has proved which person it is for."""
    return db.get(Client, client_id)


def lock(db: Session, client_id: str) -> Client:
    """The client, locked until the transaction ends: opt-out, planning and sending take turns (P7)."""
    return lock_all(db, [client_id])[0]


def lock_all(db: Session, client_ids: Collection[str]) -> list[Client]:
    """Several clients, locked in the order of their ids so that two transactions cannot wait in a ring."""
    query = select(Client).where(Client.id.in_(client_ids)).order_by(Client.id).with_for_update()
    return list(db.scalars(query.execution_options(populate_existing=True)))


def search(db: Session, clinic_id: str, words: str, *, limit: int) -> list[Client]:
    """Clients whose first name holds these words or whose address begins with them, by name."""
    words = words.strip()
    fits = or_(
        Client.first_name.icontains(words, autoescape=True),
        Client.email_key.startswith(words.casefold(), autoescape=True),
    )
    query = select(Client).where(Client.clinic_id == clinic_id, fits, are_clients())
    return list(db.scalars(query.order_by(func.lower(Client.first_name), Client.id).limit(limit)))


def recent(db: Session, clinic_id: str, *, limit: int) -> list[Client]:
    """Clients who were here or were added last."""
    last = (
        select(CareSession.client_id, func.max(CareSession.ended_at).label("at"))
        .where(CareSession.clinic_id == clinic_id, CareSession.cancelled_at.is_(None))
        .group_by(CareSession.client_id)
        .subquery()
    )
    query = (
        select(Client)
        .outerjoin(last, last.c.client_id == Client.id)
        .where(Client.clinic_id == clinic_id, are_clients())
        .order_by(func.coalesce(last.c.at, Client.created_at).desc(), Client.id)
    )
    return list(db.scalars(query.limit(limit)))
