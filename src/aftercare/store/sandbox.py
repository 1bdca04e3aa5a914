"""What only a sandbox does to its database: moving its clock, and wiping itself clean."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.models import Base, Message, Setting
from aftercare.store.clock import SANDBOX_OFFSET


def lock_offset(db: Session) -> timedelta:
    """How far the clock is shifted; locked, so that all that moves it takes turns."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    db.execute(insert(Setting).values(key=SANDBOX_OFFSET, value=0.0).on_conflict_do_nothing())
    query = select(Setting.value).where(Setting.key == SANDBOX_OFFSET).with_for_update()
    return timedelta(seconds=float(db.scalars(query).one()))


def set_offset(db: Session, offset: timedelta) -> None:
    """Shift the clock by so much from now on. The caller holds `lock_offset`."""
    _put(db, SANDBOX_OFFSET, offset.total_seconds())


def locked_value(db: Session, key: str) -> Any:
    """A stored value as it is now, not as this transaction read it first; None where there is none."""
    query = select(Setting).where(Setting.key == key).execution_options(populate_existing=True)
    row = db.scalar(query)
    return None if row is None else row.value


def forget(db: Session, key: str) -> None:
    """The stored value goes."""
    db.execute(delete(Setting).where(Setting.key == key))


def end_leases(db: Session, unshifted: datetime) -> None:
    """Whoever held rows is known to be dead: the next sweep takes them over at once."""
    db.execute(
        update(Message)
        .where(Message.state.in_((MessageState.CLAIMED, MessageState.TRANSMITTING)))
        .values(lease_until=unshifted - timedelta(seconds=1))
        .execution_options(synchronize_session=False)
    )


def wipe(db: Session) -> None:
    """Delete every row of every table; the tables stay."""
    for table in reversed(Base.metadata.sorted_tables):
        db.execute(delete(table))
    db.expunge_all()


def _put(db: Session, key: str, value: Any) -> None:
    db.execute(update(Setting).where(Setting.key == key).values(value=value))
