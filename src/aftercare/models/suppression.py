"""Addresses that must not be mailed."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Suppression(OfClinic, Base):
    """An address of one clinic that bounced hard or complained, with reason and date (P14)."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("clinic_id", "email_key"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("sup"))
    email_key: Mapped[str]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
