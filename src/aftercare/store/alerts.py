"""Alerts: who would like a call, and who has taken care of it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import Alert, CheckinResponse, Client, Message, Sequence
from aftercare.models.base import At
from aftercare.store.consents import CALL_BACK_SLUG, CAME_TO_NOTHING


class Raised(NamedTuple):
    """An alert, whom it is about, and her answer, where she gave one."""

    alert: Alert
    client: Client
    response: CheckinResponse | None


def get(db: Session, clinic_id: str, alert_id: str) -> Alert:
    """An alert of this clinic; NotFound."""
    found = db.scalar(select(Alert).where(Alert.clinic_id == clinic_id, Alert.id == alert_id))
    if found is None:
        raise NotFound("There is no such alert.")
    return found


def lock(db: Session, alert_id: str) -> Alert:
    """The alert, locked until the transaction ends. Lock its client, or whom it tells, first."""
    query = select(Alert).where(Alert.id == alert_id).with_for_update()
    return db.scalars(query.execution_options(populate_existing=True)).one()


def open_of(db: Session, client_id: str) -> Alert | None:
    """The alert of this person that nobody has closed yet."""
    query = select(Alert).where(Alert.client_id == client_id, Alert.closed_at.is_(None))
    return db.scalar(query.execution_options(populate_existing=True))


def of_client(db: Session, client_id: str) -> list[Alert]:
    """All alerts of this person, oldest first."""
    query = select(Alert).where(Alert.client_id == client_id)
    return list(db.scalars(query.order_by(Alert.raised_at, Alert.id)))


def still_open(db: Session, clinic_id: str) -> list[Raised]:
    """What is not closed, first what nobody has acknowledged, then oldest first."""
    first = (Alert.acknowledged_at.is_not(None), Alert.raised_at, Alert.id)
    query = _raised(clinic_id, Alert.closed_at.is_(None)).order_by(*first)
    return [Raised(*row) for row in db.execute(query)]


def closed(db: Session, clinic_id: str, *, limit: int) -> list[Raised]:
    """What was closed, newest first."""
    query = _raised(clinic_id, Alert.closed_at.is_not(None)).order_by(Alert.raised_at.desc(), Alert.id)
    return [Raised(*row) for row in db.execute(query.limit(limit))]


def waiting(db: Session, clinic_id: str) -> int:
    """How many people wait for somebody to acknowledge that they would like a call."""
    query = select(func.count()).where(
        Alert.clinic_id == clinic_id, Alert.acknowledged_at.is_(None), Alert.closed_at.is_(None)
    )
    return db.scalar(query) or 0


def to_escalate(db: Session, now: datetime) -> list[Alert]:
    """Alerts of all clinics whose second contact is to be told by now, longest first: the time is up, or the
    first one's email came to nothing."""
    return list(db.scalars(late(now).order_by(Alert.escalate_at, Alert.id).limit(100)))


def reached_nobody(db: Session, clinic_id: str) -> list[Alert]:
    """The clinic's alerts that nobody has taken on, and that no email told anybody of."""
    query = select(Alert).where(
        Alert.clinic_id == clinic_id,
        Alert.acknowledged_at.is_(None),
        Alert.closed_at.is_(None),
        _reached_nobody(),
    )
    return list(db.scalars(query))


def unanswered(db: Session, clinic_id: str) -> list[Alert]:
    """The clinic's alerts of which the second contact may still have to be told."""
    return list(db.scalars(select(Alert).where(Alert.clinic_id == clinic_id, *_unanswered())))


def next_escalation(db: Session, after: datetime) -> datetime | None:
    """The next instant after `after` at which a second contact is to be told."""
    return db.scalar(select(func.min(Alert.escalate_at)).where(*_unanswered(), Alert.escalate_at > after))


def late(now: At) -> Select[Alert]:
    """Alerts of all clinics whose second contact is to be told by now."""
    return select(Alert).where(*_unanswered(), or_(Alert.escalate_at <= now, _reached_nobody()))


def _reached_nobody() -> ColumnElement[bool]:
    """SQL: no word of an alert since it was raised has been sent, or may still be."""
    word = (
        select(Message.id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .where(
            and_(Sequence.slug == CALL_BACK_SLUG, Message.clinic_id == Alert.clinic_id),
            Message.planned_for >= Alert.raised_at,
            Message.state.not_in(CAME_TO_NOTHING),
        )
    )
    return ~word.correlate(Alert).exists()


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    return Alert.acknowledged_at.is_(None), Alert.escalated_at.is_(None), Alert.closed_at.is_(None)


def _raised(clinic_id: str, *where: ColumnElement[bool]) -> Select[Alert, Client, CheckinResponse]:
    return (
        select(Alert, Client, CheckinResponse)
        .join(Client, Client.id == Alert.client_id)
        .outerjoin(CheckinResponse, CheckinResponse.id == Alert.response_id)
        .where(Alert.clinic_id == clinic_id, *where)
    )
