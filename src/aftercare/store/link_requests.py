"""Who asked for a fresh link."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.models import Client, LinkRequest, Message, Sequence
from aftercare.store.consents import LINK_SLUG


def ask(db: Session, email_key: str, *, most: int, now: datetime) -> None:
    """Keep an address until the next sweep, once, unless `most` wait already: the same statements for every
    address."""
    waiting = db.scalar(select(func.count()).select_from(LinkRequest)) or 0
    if waiting < most:
        insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = insert(LinkRequest).values(email_key=email_key, asked_at=now)
        db.execute(row.on_conflict_do_nothing(index_elements=["email_key"]))


def waiting(db: Session, *, limit: int) -> list[str]:
    """Addresses that wait, longest first."""
    query = select(LinkRequest.email_key).order_by(LinkRequest.asked_at, LinkRequest.email_key)
    return list(db.scalars(query.limit(limit)))


def take(db: Session, email_key: str) -> bool:
    """Whether this transaction is the one that answers this address."""
    gone = delete(LinkRequest).where(LinkRequest.email_key == email_key).returning(LinkRequest.email_key)
    return db.scalar(gone) is not None


def people(db: Session, email_key: str) -> list[str]:
    """Ids of the clients with this address, of whichever clinic, in the order in which they are locked."""
    return list(db.scalars(select(Client.id).where(Client.email_key == email_key).order_by(Client.id)))


def sent_since(db: Session, client_id: str, since: datetime) -> bool:
    """Whether a fresh link was planned for this person since then."""
    query = (
        select(Message.id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .where(Message.client_id == client_id, Sequence.slug == LINK_SLUG, Message.planned_for > since)
    )
    return db.scalar(query.limit(1)) is not None
