"""Answers that were given, kept for callers who ask the same again."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class IdempotencyKey(OfClinic, Base):
    """A POST that a program marked with an Idempotency-Key. Without `status` it is still being answered."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("clinic_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("idk"))
    key: Mapped[str]
    request_hash: Mapped[str]
    """SHA-256 of method, path and body."""
    status: Mapped[int | None]
    location: Mapped[str | None]
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    """Unshifted; a row is forgotten a day later."""
