"""Log-ins of staff, and misses."""

from datetime import datetime, timedelta

from sqlalchemy import delete as delete_rows
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.models import Login, Staff, Throttle

FORGET_MISSES_AFTER = timedelta(hours=24)


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
    """Forget logins that ended and misses of yesterday."""
    db.execute(delete_rows(Login).where(Login.expires_at <= unshifted))
    db.execute(delete_rows(Throttle).where(Throttle.last_at <= unshifted - FORGET_MISSES_AFTER))


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


def count_miss(db: Session, key: str, unshifted: datetime) -> None:
    """One more, in one statement: guessers come in parallel."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Throttle).values(key=key, misses=1, last_at=unshifted)
    changed = {"misses": Throttle.misses + 1, "last_at": unshifted}
    db.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed))


def forget_misses(db: Session, key: str) -> None:
    """The right password came."""
    db.execute(delete_rows(Throttle).where(Throttle.key == key))
