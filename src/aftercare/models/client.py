"""People who receive care and emails."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Client(OfClinic, Base):
    """A client. This row is what opt-out, planning and sending lock, so that they never overlap (P7)."""

    __tablename__ = "client"
    __table_args__ = (UniqueConstraint("clinic_id", "email_key"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("cli"))
    email: Mapped[str]
    email_key: Mapped[str]
    """The address as it is compared: case-folded, domain as A-label (B5, B15)."""
    first_name: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str | None]
    country: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    token_epoch: Mapped[int] = mapped_column(default=0)
    held_at: Mapped[datetime | None]
    held_by: Mapped[str | None]
    held_reason: Mapped[str | None]
    paused_until: Mapped[datetime | None]
    """Her emails rest until then; what falls into that time is left out, never sent in a burst."""
    paused_by: Mapped[str | None]
    pace: Mapped[str | None]
    """How seldom she asked to be written to, a key of `domain.caps.PACES`; None: as planned."""
    import_id: Mapped[str | None]
    """The batch that brought her in."""
    created_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    """Since when nothing at all goes out to her, until staff take that back; `stopped_reason` says why."""
    stopped_by: Mapped[str | None]
    stopped_reason: Mapped[str | None]
    pace: Mapped[str | None]
    """How seldom she asked to be written to, a key of `domain.caps.PACES`; None: as planned."""
