"""Appointments."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import Appointment, CareSession, Client

NEAR = timedelta(hours=12)
"""A session that ended so close to an appointment's end is taken to be the one that was booked."""
EARLY = timedelta(minutes=30)
"""So long before its hour an appointment may be over: clients come early, and treatments are short."""


EARLIEST = datetime.min.replace(tzinfo=UTC) + NEAR
LATEST = datetime.max.replace(tzinfo=UTC) - NEAR


class Asked(NamedTuple):
    """An appointment whose time is over, and nobody has said how it went."""

    appointment: Appointment
    client: Client


def get(db: Session, clinic_id: str, appointment_id: str) -> Appointment:
    """An appointment of this clinic; NotFound."""
    query = select(Appointment).where(Appointment.clinic_id == clinic_id, Appointment.id == appointment_id)
    found = db.scalar(query)
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


def lock(db: Session, appointment_id: str) -> Appointment | None:
    """The appointment, locked until the transaction ends; lock it before its client. None where it does not
    exist."""
    query = select(Appointment).where(Appointment.id == appointment_id).with_for_update()
    return db.scalar(query.execution_options(populate_existing=True))


def lock_of_client(db: Session, client_id: str) -> list[Appointment]:
    """A client's appointments, locked in one order for all until the transaction ends; lock them before the
    client."""
    query = select(Appointment).where(Appointment.client_id == client_id).order_by(Appointment.id)
    return list(db.scalars(query.with_for_update().execution_options(populate_existing=True)))


def without_plan() -> Select[str]:
    """Appointments that still wait for their plan (P1)."""
    return select(Appointment.id).where(Appointment.planned_at.is_(None))


def next_unplanned(db: Session, *, besides: Collection[str]) -> str | None:
    """The id of the appointment that has waited longest for its plan, locked; those that somebody else has
    locked are passed over."""
    query = without_plan().where(Appointment.id.not_in(besides))
    return db.scalar(query.order_by(Appointment.booked_at).limit(1).with_for_update(skip_locked=True))


def of_client(db: Session, client_id: str) -> list[Appointment]:
    """A client's appointments, earliest first."""
    query = select(Appointment).where(Appointment.client_id == client_id)
    return list(db.scalars(query.order_by(Appointment.starts_at, Appointment.id)))


def page(
    db: Session,
    clinic_id: str,
    client_id: str | None,
    *,
    start: datetime,
    end: datetime,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Appointment]:
    """At most `limit` of the clinic's, or of this client's, that begin from `start` (inclusive) to `end`
    (exclusive), cancelled ones too, behind the one that begins at `after[0]` and has the id `after[1]`."""
    query = select(Appointment).where(
        Appointment.clinic_id == clinic_id, Appointment.starts_at >= start, Appointment.starts_at < end
    )
    if client_id is not None:
        query = query.where(Appointment.client_id == client_id)
    if after is not None:
        same = (Appointment.starts_at == after[0]) & (Appointment.id > after[1])
        query = query.where((Appointment.starts_at > after[0]) | same)
    return list(db.scalars(query.order_by(Appointment.starts_at, Appointment.id).limit(limit)))


def coming(db: Session, client_id: str, now: datetime) -> list[Appointment]:
    """Those that have not begun and stand, earliest first."""
    query = select(Appointment).where(
        Appointment.client_id == client_id, Appointment.starts_at > now, *_stands()
    )
    return list(db.scalars(query.order_by(Appointment.starts_at, Appointment.id)))


def to_ask_about(db: Session, clinic_id: str, *, since: datetime, now: datetime) -> list[Asked]:
    """Appointments that ended from then on until now, and nobody has said whether they took place; the
    earliest first. Nobody is asked about a client who has died."""
    query = (
        select(Appointment, Client)
        .join(Client, Client.id == Appointment.client_id)
        .where(
            Appointment.clinic_id == clinic_id,
            Appointment.ends_at <= now,
            Appointment.ends_at >= since,
            Client.stopped_reason.is_distinct_from("died"),
            *_stands(),
        )
        .order_by(Appointment.ends_at, Appointment.id)
    )
    return [Asked(row[0], row[1]) for row in db.execute(query.limit(50))]


def lock_nearest(db: Session, client_id: str, ended_at: datetime) -> Appointment | None:
    """The appointment that a session which ended then was booked as, if any, locked. One of the evening was
    not what ended at noon."""
    middle = min(max(ended_at, EARLIEST), LATEST)
    query = select(Appointment).where(
        Appointment.client_id == client_id,
        Appointment.ends_at >= middle - NEAR,
        Appointment.ends_at <= middle + NEAR,
        Appointment.starts_at <= middle + EARLY,
        *_stands(),
    )
    rows = list(db.scalars(query.with_for_update().execution_options(populate_existing=True)))
    return min(rows, key=lambda row: (abs(row.ends_at - ended_at), row.id), default=None)


def _stands() -> tuple[ColumnElement[bool], ...]:
    """Not called off, and no session says yet how it went; one that was cancelled says nothing."""
    said = select(CareSession.id).where(
        CareSession.id == Appointment.session_id, CareSession.cancelled_at.is_(None)
    )
    return Appointment.cancelled_at.is_(None), ~said.correlate(Appointment).exists()
