"""Somebody would like a call: what staff must acknowledge."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


def _where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Alert(OfClinic, Base):
    """The support path of one client, from her wish for a call (or a colleague's decision) to its end. At
    most one is open per client."""

    __tablename__ = "alert"
    __table_args__ = (
        _where("uq_alert_open", "client_id", where="closed_at IS NULL", unique=True),
        _where(
            "ix_alert_to_escalate",
            "escalate_at",
            where="acknowledged_at IS NULL AND escalated_at IS NULL AND closed_at IS NULL",
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("alr"))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    response_id: Mapped[str | None] = mapped_column(ForeignKey("checkin_response.id"))
    """Her answer; none where a colleague started the path."""
    raised_by: Mapped[str]
    raised_at: Mapped[datetime]
    escalate_at: Mapped[datetime | None]
    """When the second contact is told unless somebody has acknowledged it: two working hours on."""
    escalated_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    spoken_at: Mapped[datetime | None]
    """When somebody said that they have spoken with her."""
    spoken_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    """When a person released her other emails."""
    closed_by: Mapped[str | None]
