"""The audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.models import AuditEntry, new_id


def record(
    db: Session,
    clinic_id: str,
    action: str,
    subject: str,
    *,
    actor: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> str:
    """Add an entry; its id. `detail` carries ids, counts and reasons; never an address or clinical text."""
    entry = AuditEntry(
        id=new_id("aud"),
        clinic_id=clinic_id,
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        detail=detail or {},
    )
    db.add(entry)
    return entry.id


def get(db: Session, clinic_id: str, entry_id: str) -> AuditEntry | None:
    """An entry of this clinic, if there is one with this id."""
    query = select(AuditEntry).where(AuditEntry.clinic_id == clinic_id, AuditEntry.id == entry_id)
    return db.scalar(query)


def of_subject(db: Session, clinic_id: str, subject: str) -> list[AuditEntry]:
    """Entries about one thing, oldest first."""
    query = select(AuditEntry).where(AuditEntry.clinic_id == clinic_id, AuditEntry.subject == subject)
    return list(db.scalars(query.order_by(AuditEntry.at, AuditEntry.id)))
