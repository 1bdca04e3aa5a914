"""Values that the installation keeps for itself, and signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base


class Setting(Base):
    """A stored value such as the sandbox's time offset; `clinic_id` empty: of the whole installation."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    clinic_id: Mapped[str | None] = mapped_column(ForeignKey("clinic.id"), index=True)
    value: Mapped[Any] = mapped_column(JSON)


class Heartbeat(Base):
    """When a part of the engine last did its work (unshifted time)."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    clinic_id: Mapped[str | None] = mapped_column(ForeignKey("clinic.id"), index=True)
    beat_at: Mapped[datetime]
