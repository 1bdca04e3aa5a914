"""Logged appointments: the outbox of the planner."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id

SOMEBODY_ELSES = "somebody_elses"
"""The note of a session that was logged for the wrong client: what it says is about somebody else."""


class CareSession(OfClinic, Base):
    """One appointment. `planned_at` is empty until its follow-ups are planned: the sweep finds it (P1)."""

    __tablename__ = "care_session"
    __table_args__ = (
        Index(
            "ix_care_session_unplanned",
            "logged_at",
            sqlite_where=text("planned_at IS NULL"),
            postgresql_where=text("planned_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("ses"))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    therapist_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime]
    service: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str]
    first_session: Mapped[bool] = mapped_column(default=False)
    logged_by: Mapped[str]
    logged_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    planned_at: Mapped[datetime | None]
    plan_note: Mapped[str | None]
    """Why nothing was planned (`no_consent`, `tender_run_active` ...), or `planned`."""
