"""Stored values of the installation, API tokens, and signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.models import ApiToken, Heartbeat, Setting


def get(db: Session, key: str) -> Any:
    """The stored value, or None."""
    row = db.get(Setting, key)
    return None if row is None else row.value


def put(db: Session, key: str, value: Any) -> None:
    """Store a value."""
    _upsert(db, Setting, {"key": key}, {"value": value})


def beat(db: Session, name: str, now: datetime) -> None:
    """Leave a sign of life (unshifted time)."""
    _upsert(db, Heartbeat, {"name": name}, {"beat_at": now})


def token(db: Session, token_hash: str) -> ApiToken | None:
    """The API token with this hash, unless it was revoked."""
    return db.scalar(select(ApiToken).where(ApiToken.token_hash == token_hash, ApiToken.revoked_at.is_(None)))


def last_beat(db: Session, name: str) -> datetime | None:
    """When that part last gave a sign of life (unshifted time)."""
    row = db.get(Heartbeat, name)
    return None if row is None else row.beat_at


def beats(db: Session, prefix: str) -> dict[str, datetime]:
    """The signs of life whose names begin so (unshifted time)."""
    query = select(Heartbeat).where(Heartbeat.name.startswith(prefix, autoescape=True))
    return {row.name: row.beat_at for row in db.scalars(query)}


def _upsert(
    db: Session, table: type[Setting | Heartbeat], key: dict[str, str], values: dict[str, Any]
) -> None:
    """One statement: two sweeps that beat for the first time in the same second must both succeed (E25)."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(**key, **values)
    db.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
