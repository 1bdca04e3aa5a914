"""Clients."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import Client


def get(db: Session, clinic_id: str, client_id: str) -> Client:
    """A client of this clinic; NotFound, also for another clinic's."""
    found = db.scalar(select(Client).where(Client.clinic_id == clinic_id, Client.id == client_id))
    if found is None:
        raise NotFound("There is no such client.")
    return found


def by_email(db: Session, clinic_id: str, email_key: str) -> Client | None:
    """The client with this address (in its compared form), if any."""
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
