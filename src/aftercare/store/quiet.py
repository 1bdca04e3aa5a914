"""What makes newsletters wait for somebody: visits, and emails that come first."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from aftercare.models import CareSession, Enrolment, Message, Sequence, SequenceVersion
from aftercare.store.enrolments import OPEN_STATES


class Visits(NamedTuple):
    """When somebody's last visit ended, and the last with strong feelings (UTC)."""

    last: datetime
    tender: datetime | None


class GoingOn(NamedTuple):
    """A run that goes on: its rules, and when the last of its open emails is planned (UTC)."""

    client_id: str
    version: SequenceVersion
    last: datetime


def visits_since(
    db: Session, since: datetime, clinic_id: str, client_ids: Collection[str] | None = None
) -> dict[str, Visits]:
    """The visits of a clinic's clients (or of these alone) that ended since then (UTC), by client."""
    strong = case((CareSession.outcome == "strong_feelings", CareSession.ended_at))
    query = (
        select(CareSession.client_id, func.max(CareSession.ended_at), func.max(strong))
        .where(
            CareSession.clinic_id == clinic_id,
            CareSession.cancelled_at.is_(None),
            CareSession.outcome != "did_not_happen",
            CareSession.ended_at >= since,
        )
        .group_by(CareSession.client_id)
    )
    if client_ids is not None:
        query = query.where(CareSession.client_id.in_(client_ids))
    return {row[0]: Visits(row[1], row[2]) for row in db.execute(query)}


def going_on(db: Session, clinic_id: str, client_ids: Collection[str] | None = None) -> list[GoingOn]:
    """The runs of series of a clinic's clients (or of these alone) that have an open email."""
    latest = (
        select(
            Enrolment.id, Enrolment.client_id, Enrolment.version_id, func.max(Message.planned_for).label("at")
        )
        .join(Sequence, Sequence.id == Enrolment.sequence_id)
        .join(Message, Message.enrolment_id == Enrolment.id)
        .where(
            Enrolment.clinic_id == clinic_id,
            Enrolment.ended_at.is_(None),
            Sequence.kind == "series",
            Message.state.in_(OPEN_STATES),
        )
        .group_by(Enrolment.id, Enrolment.client_id, Enrolment.version_id)
    )
    if client_ids is not None:
        latest = latest.where(Enrolment.client_id.in_(client_ids))
    runs = db.execute(latest).all()
    ids = {row[2] for row in runs}
    versions = {one.id: one for one in db.scalars(select(SequenceVersion).where(SequenceVersion.id.in_(ids)))}
    return [GoingOn(row[1], versions[row[2]], row[3]) for row in runs]
