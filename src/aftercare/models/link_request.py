"""Addresses that asked for a fresh link and wait for a worker."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base


class LinkRequest(Base):
    """An address from the page for a link that was cut short, known here or not; gone with the next sweep.

    Such a link does not say of which clinic it was, so `clinic_id` stays empty."""

    __tablename__ = "link_request"

    email_key: Mapped[str] = mapped_column(primary_key=True)
    clinic_id: Mapped[str | None] = mapped_column(ForeignKey("clinic.id"), index=True)
    asked_at: Mapped[datetime]
