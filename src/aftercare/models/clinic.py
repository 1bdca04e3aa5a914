"""The tenant."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, new_id


class Clinic(Base):
    """A clinic: whom emails come from, its zone, hours and look."""

    __tablename__ = "clinic"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("clc"))
    name: Mapped[str]
    sender_name: Mapped[str]
    """What the inbox shows; may be a discreet name, since the clinic's own may reveal enough (P16)."""
    sender_address: Mapped[str]
    reply_to: Mapped[str]
    reply_reader: Mapped[str]
    postal_address: Mapped[str]
    phone: Mapped[str]
    hours: Mapped[str]
    opening: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """The same for the machine (`domain.hours.Hours.parse`): when somebody works here. Empty: not known."""
    closed_on: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Dates on which nobody works, ISO 8601."""
    duty_id: Mapped[str | None]
    """The member of staff who is told when somebody would like a call."""
    second_id: Mapped[str | None]
    """Who is told where nobody has acknowledged it within two working hours."""
    country: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    send_window: Mapped[str] = mapped_column(default="08:00-20:00")
    logo_url: Mapped[str | None]
    colours: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
