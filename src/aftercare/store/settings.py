"""Stored values of the installation, API tokens, and signs of life."""

from collections.abc import Sequence
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
    _upsert(db, Setting, [{"key": key, "value": value}])


def beat(db: Session, now: datetime, *names: str) -> None:
    """Leave signs of life (unshifted time)."""
    # In one order for all, or two sweeps at once would wait for each other's second row.
    _upsert(db, Heartbeat, [{"name": name, "beat_at": now} for name in sorted(names)])


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


def _upsert(db: Session, table: type[Setting | Heartbeat], rows: Sequence[dict[str, Any]]) -> None:
    """One statement: two sweeps that beat for the first time in the same second must both succeed (E25)."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(rows)
    keys = [column.name for column in table.__table__.primary_key]
    values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    db.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
