"""One client's run through one sequence version."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Enrolment(OfClinic, Base):
    """A run. The anchor's wall clock time is kept beside its instant, because "two days later at ten"
    is counted from the day that the client saw on the wall (R1, R5)."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_session_sequence",
            "session_id",
            "sequence_id",
            unique=True,
            sqlite_where=text("exit_reason IS NULL OR exit_reason != 'session_cancelled'"),
            postgresql_where=text("exit_reason IS NULL OR exit_reason != 'session_cancelled'"),
        ),
        Index("ix_enrolment_sequence_id_client_id", "sequence_id", "client_id"),
        Index(
            "uq_enrolment_appointment_sequence",
            "appointment_id",
            "sequence_id",
            unique=True,
            sqlite_where=text("exit_reason IS NULL OR exit_reason != 'appointment_cancelled'"),
            postgresql_where=text("exit_reason IS NULL OR exit_reason != 'appointment_cancelled'"),
        ),
        Index("uq_enrolment_follows_sequence", "follows_id", "sequence_id", unique=True),
        Index(
            "ix_enrolment_not_followed",
            "ended_at",
            sqlite_where=text("exit_reason = 'completed' AND followed_at IS NULL"),
            postgresql_where=text("exit_reason = 'completed' AND followed_at IS NULL"),
        ),
        Index(
            "ix_enrolment_active",
            "client_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("enr"))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    sequence_id: Mapped[str] = mapped_column(ForeignKey("sequence.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("sequence_version.id"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("care_session.id"))
    appointment_id: Mapped[str | None]
    follows_id: Mapped[str | None]
    """The completed run that started this one (`sequence.finished`)."""
    anchor_at: Mapped[datetime]
    anchor_local: Mapped[str]
    """The anchor on the client's wall clock, ISO 8601 without offset."""
    anchor_zone: Mapped[str]
    known_at: Mapped[datetime | None]
    """When an appointment was booked or moved last: what was due before is late (`if_past`)."""
    every_visit_only: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    exit_reason: Mapped[str | None]
    ended_by: Mapped[str | None]
    superseded_by: Mapped[str | None]
    """The session or appointment that took this run's place; undoing it brings this run back."""
    followed_at: Mapped[datetime | None]
    """When it was looked at what follows a completed run: the outbox of `sequence.finished`."""
