"""Log-ins of staff, and misses."""

from datetime import datetime, timedelta

from sqlalchemy import delete as delete_rows
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.models import Login, Staff, Throttle

FORGET_MISSES_AFTER = timedelta(hours=1)
"""Without another one; longer than anybody has to wait."""


def by_token_hash(db: Session, token_hash: str) -> tuple[Login, Staff] | None:
    """The login with this token, and whose it is."""
    query = select(Login, Staff).join(Staff, Staff.id == Login.staff_id).where(Login.token_hash == token_hash)
    row = db.execute(query).first()
    return None if row is None else (row[0], row[1])


def add(db: Session, login: Login) -> None:
    """Insert."""
    db.add(login)
    db.flush()


def seen(db: Session, login_id: str, unshifted: datetime) -> None:
    """The browser was here."""
    db.execute(update(Login).where(Login.id == login_id).values(seen_at=unshifted))


def delete(db: Session, login_id: str) -> None:
    """End one login."""
    db.execute(delete_rows(Login).where(Login.id == login_id))


def delete_of_staff(db: Session, staff_id: str) -> None:
    """End all logins of a member."""
    db.execute(delete_rows(Login).where(Login.staff_id == staff_id))


def delete_expired(db: Session, unshifted: datetime) -> None:
    """Forget logins that ended and old misses."""
    db.execute(delete_rows(Login).where(Login.expires_at <= unshifted))
    old = select(Throttle.key).where(Throttle.last_at <= unshifted - FORGET_MISSES_AFTER)
    # Not those of somebody who tries at this moment: two that wait for each other's rows would both fail.
    unused = old.with_for_update(skip_locked=True)
    db.execute(delete_rows(Throttle).where(Throttle.key.in_(unused)))


def candidates(db: Session, email_key: str) -> list[Staff]:
    """Members with this address who still work here: one for each clinic that she works at."""
    query = select(Staff).where(Staff.email_key == email_key, Staff.left_at.is_(None))
    return list(db.scalars(query.order_by(Staff.created_at)))


def invited(db: Session, invite_hash: str) -> Staff | None:
    """The member whom this link was made for."""
    return db.scalar(select(Staff).where(Staff.invite_hash == invite_hash, Staff.left_at.is_(None)))


def first_owner(db: Session) -> Staff | None:
    """The owner who was there first: who the sandbox signs in."""
    query = select(Staff).where(Staff.role == "owner", Staff.left_at.is_(None))
    return db.scalar(query.order_by(Staff.created_at, Staff.id).limit(1))


def throttle(db: Session, key: str) -> Throttle | None:
    """Misses under this key."""
    return db.get(Throttle, key)


def lock_throttle(db: Session, key: str, unshifted: datetime) -> None:
    """Tries under this key take turns until the transaction ends. Lock an address before a peer."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Throttle).values(key=key, misses=0, last_at=unshifted)
    db.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    _locked(db, key)


def count_miss(db: Session, key: str, unshifted: datetime) -> None:
    """One more; the first one after a quiet hour. The caller holds `lock_throttle`."""
    row = db.get_one(Throttle, key)
    is_old = row.last_at <= unshifted - FORGET_MISSES_AFTER
    row.misses, row.last_at = 1 if is_old else row.misses + 1, unshifted


def forgive(db: Session, account: str, peer: str) -> None:
    """The right password came: what went wrong before was this person's own typing, also as far as her
    network is concerned. Misses of others there stay."""
    own, shared = _locked(db, account), _locked(db, peer)
    if own is not None and shared is not None:
        shared.misses = max(0, shared.misses - own.misses)
    if own is not None:
        db.delete(own)


def _locked(db: Session, key: str) -> Throttle | None:
    return db.get(Throttle, key, with_for_update=True, populate_existing=True)
