"""Colleagues who get emails: rows of `client` that belong to a member of staff (ADR 17)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.models import Client, Enrolment, Staff
from aftercare.models.client import FOR_STAFF
from aftercare.store.clients import are_clients


def of_staff(db: Session, staff_id: str) -> Client | None:
    """The row by which this member of staff gets emails, if she ever got one."""
    return db.scalar(select(Client).where(Client.staff_id == staff_id))


def add(db: Session, member: Staff, *, language: str, now: datetime) -> Client:
    """The row by which this member of staff gets emails from now on, in the clinic's zone and country."""
    row = Client(
        clinic_id=member.clinic_id,
        staff_id=member.id,
        email=member.email,
        email_key=FOR_STAFF + member.email_key,
        first_name=member.first_name,
        language=language,
        created_at=now,
    )
    db.add(row)
    db.flush()
    return row


def only_clients(db: Session, ids: Collection[str]) -> list[str]:
    """Those of these people who are clients, in the same order."""
    query = select(Client.id).where(Client.id.in_(ids), are_clients())
    found = set(db.scalars(query))
    return [one for one in ids if one in found]


def had_run(db: Session, client_id: str, sequence_id: str) -> bool:
    """Whether this person ever began this sequence."""
    query = select(Enrolment.id).where(Enrolment.client_id == client_id, Enrolment.sequence_id == sequence_id)
    return db.scalar(query.limit(1)) is not None
