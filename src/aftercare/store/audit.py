"""The audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.models import AuditEntry


def record(
    db: Session,
    clinic_id: str,
    action: str,
    subject: str,
    *,
    actor: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add an entry. `detail` carries ids, counts and reasons; never an address or clinical text."""
    db.add(
        AuditEntry(
            clinic_id=clinic_id, at=now, actor=actor, action=action, subject=subject, detail=detail or {}
        )
    )


def of_subject(db: Session, clinic_id: str, subject: str) -> list[AuditEntry]:
    """Entries about one thing, oldest first."""
    query = select(AuditEntry).where(AuditEntry.clinic_id == clinic_id, AuditEntry.subject == subject)
    return list(db.scalars(query.order_by(AuditEntry.at, AuditEntry.id)))
