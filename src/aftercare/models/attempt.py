"""Every attempt to hand an email to a relay."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Attempt(OfClinic, Base):
    """One attempt; written before the first byte of DATA, completed by the relay's answer."""

    __tablename__ = "attempt"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("att"))
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), index=True)
    number: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    possible_duplicate: Mapped[bool] = mapped_column(default=False)
    """An earlier attempt of this email may have arrived already (P3)."""
