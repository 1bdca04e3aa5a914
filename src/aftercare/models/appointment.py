"""Appointments: visits that are still to come, and whether they took place."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Appointment(OfClinic, Base):
    """A booked visit. `planned_at` is empty until its emails are planned: the sweep finds it (P1)."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index(
            "ix_appointment_unplanned",
            "booked_at",
            sqlite_where=text("planned_at IS NULL"),
            postgresql_where=text("planned_at IS NULL"),
        ),
        Index("ix_appointment_clinic_id_ends_at", "clinic_id", "ends_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("apt"))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    therapist_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    service: Mapped[str] = mapped_column(default="")
    first_session: Mapped[bool] = mapped_column(default=False)
    first_by_staff: Mapped[bool] = mapped_column(default=False)
    """Somebody said whether it is the first: it is not looked up again when others come or go."""
    booked_by: Mapped[str]
    booked_at: Mapped[datetime]
    told_at: Mapped[datetime]
    """When it was booked, or moved last: steps that were due before are late (`if_past`)."""
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    planned_at: Mapped[datetime | None]
    plan_note: Mapped[str | None]
    """Why nothing was planned (`no_consent`, `no_sequence` ...), or `planned`."""
    session_id: Mapped[str | None] = mapped_column(ForeignKey("care_session.id"), index=True)
    """The session that says how it went; empty, or cancelled: nobody has said yet."""
