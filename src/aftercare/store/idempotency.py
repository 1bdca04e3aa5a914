"""Idempotency keys: the row of a request and its effect are committed together (ADR 9)."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aftercare.models import IdempotencyKey, new_id
from aftercare.models.base import At

WAIT_SECONDS = 5.0
"""How long a request waits for another one with the same key (PostgreSQL; SQLite has one writer anyway)."""

LOCK_NOT_AVAILABLE = "55P03"


def take(db: Session, clinic_id: str, key: str, request_hash: str, *, unshifted: datetime) -> bool:
    """Take this key for the transaction that `db` is in; False where a committed request has it.

    Where another transaction holds it, waits for its end: committed means False, rolled back True.
    TimeoutError after `WAIT_SECONDS`; the transaction can then only be rolled back."""
    insert = sqlite.insert if _is_sqlite(db) else postgresql.insert
    statement = insert(IdempotencyKey).values(
        id=new_id("idk"), clinic_id=clinic_id, key=key, request_hash=request_hash, created_at=unshifted
    )
    statement = statement.on_conflict_do_nothing(index_elements=["clinic_id", "key"])
    _wait_at_most(db, f"{WAIT_SECONDS * 1000:.0f}ms")
    try:
        taken = db.scalar(statement.returning(IdempotencyKey.id)) is not None
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise TimeoutError from None
        raise
    _wait_at_most(db, None)
    return taken


def get(db: Session, clinic_id: str, key: str) -> IdempotencyKey | None:
    """The row of this key, if any."""
    return db.scalar(
        select(IdempotencyKey).where(IdempotencyKey.clinic_id == clinic_id, IdempotencyKey.key == key)
    )


def point_to(db: Session, clinic_id: str, key: str, location: str) -> None:
    """Note what the request with this key made."""
    key_row = IdempotencyKey.clinic_id == clinic_id, IdempotencyKey.key == key
    db.execute(update(IdempotencyKey).where(*key_row).values(location=location))


def give_back(db: Session, clinic_id: str, location: str) -> None:
    """What a request made is undone: it may be made again."""
    db.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.clinic_id == clinic_id, IdempotencyKey.location == location
        )
    )


def forget(db: Session, before: datetime) -> None:
    """Delete the answers to requests that were made before `before` (unshifted)."""
    db.execute(delete(IdempotencyKey).where(made_before(before)).execution_options(synchronize_session=False))


def made_before(before: At) -> ColumnElement[bool]:
    """Requests that were made before that instant."""
    return IdempotencyKey.created_at < before


def _wait_at_most(db: Session, duration: str | None) -> None:
    if not _is_sqlite(db):
        limit = f"'{duration}'" if duration else "DEFAULT"
        db.execute(text(f"SET LOCAL lock_timeout TO {limit}"))


def _is_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"
