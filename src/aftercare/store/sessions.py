"""Logged sessions."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import CareSession


def get(db: Session, clinic_id: str, session_id: str) -> CareSession:
    """A session of this clinic; NotFound."""
    found = db.scalar(
        select(CareSession).where(CareSession.clinic_id == clinic_id, CareSession.id == session_id)
    )
    if found is None:
        raise NotFound("There is no such session.")
    return found


def lock(db: Session, session_id: str) -> CareSession | None:
    """The session, locked until the transaction ends; None where it does not exist."""
    query = select(CareSession).where(CareSession.id == session_id).with_for_update()
    return db.scalar(query.execution_options(populate_existing=True))


def unplanned(db: Session, *, limit: int = 500) -> list[str]:
    """Ids of sessions that still wait for their plan, oldest first (P1)."""
    return list(db.scalars(without_plan().order_by(CareSession.logged_at).limit(limit)))


def without_plan() -> Select[str]:
    """Sessions that still wait for their plan."""
    return select(CareSession.id).where(CareSession.planned_at.is_(None))


def next_unplanned(db: Session, *, besides: Collection[str]) -> str | None:
    """The id of the session that has waited longest for its plan, locked; those that somebody else has
    locked are passed over."""
    query = without_plan().where(CareSession.id.not_in(besides))
    return db.scalar(query.order_by(CareSession.logged_at).limit(1).with_for_update(skip_locked=True))


def of_client(db: Session, client_id: str) -> list[CareSession]:
    """A client's sessions, oldest first."""
    query = select(CareSession).where(CareSession.client_id == client_id)
    return list(db.scalars(query.order_by(CareSession.ended_at, CareSession.id)))


def mark_planned(care_session: CareSession, *, note: str, now: datetime) -> None:
    """The planner has dealt with it; `note` says how."""
    care_session.planned_at = now
    care_session.plan_note = note
