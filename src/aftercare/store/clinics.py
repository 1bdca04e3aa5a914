"""Clinics, their staff and their tokens."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import ApiToken, Clinic, Staff


def get(db: Session, clinic_id: str) -> Clinic:
    """The clinic; NotFound."""
    found = db.get(Clinic, clinic_id)
    if found is None:
        raise NotFound("There is no such clinic.")
    return found


def only(db: Session) -> Clinic:
    """The clinic of an installation that has one; NotFound where there is none or a choice."""
    found = db.scalars(select(Clinic).limit(2)).all()
    if len(found) != 1:
        raise NotFound("Name the clinic with --clinic: this installation has none, or more than one.")
    return found[0]


def some(db: Session, limit: int = 20) -> Sequence[Clinic]:
    """The first clinics of this installation, in the order in which they came."""
    return db.scalars(select(Clinic).order_by(Clinic.created_at).limit(limit)).all()


def staff_member(db: Session, clinic_id: str, staff_id: str) -> Staff:
    """A member of this clinic's staff; NotFound."""
    found = db.scalar(select(Staff).where(Staff.clinic_id == clinic_id, Staff.id == staff_id))
    if found is None:
        raise NotFound("There is no such member of staff.")
    return found


def staff_of(db: Session, clinic_id: str) -> list[Staff]:
    """Who works at this clinic, by name."""
    query = select(Staff).where(Staff.clinic_id == clinic_id, Staff.left_at.is_(None))
    return list(db.scalars(query.order_by(Staff.first_name, Staff.id)))


def lock_owners(db: Session, clinic_id: str) -> list[Staff]:
    """The clinic's owners, locked until the transaction ends: of two who leave at once, one is last."""
    query = select(Staff).where(Staff.clinic_id == clinic_id, Staff.role == "owner", Staff.left_at.is_(None))
    locked = query.order_by(Staff.id).with_for_update()
    return list(db.scalars(locked.execution_options(populate_existing=True)))


def token(db: Session, clinic_id: str, token_id: str) -> ApiToken:
    """A token of this clinic, revoked or not; NotFound."""
    found = db.scalar(select(ApiToken).where(ApiToken.clinic_id == clinic_id, ApiToken.id == token_id))
    if found is None:
        raise NotFound("There is no such token. `aftercare token list` shows the ids.")
    return found


def tokens_of(db: Session, clinic_id: str) -> list[ApiToken]:
    """All tokens of this clinic, in the order in which they were made."""
    query = select(ApiToken).where(ApiToken.clinic_id == clinic_id)
    return list(db.scalars(query.order_by(ApiToken.created_at, ApiToken.id)))
