"""Who did what, when. No clinical text, no addresses."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class AuditEntry(OfClinic, Base):
    """One act of a person or of the engine."""

    __tablename__ = "audit_entry"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("aud"))
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
