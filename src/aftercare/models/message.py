"""The queue of record: one row for every email that is planned, sent, skipped or failed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, case, func, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.domain.states import FINAL
from aftercare.models.base import Base, OfClinic, new_id


def _where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Message(OfClinic, Base):
    """One email to one person. States and moves: `aftercare.domain.states` (design section 4).

    `planned_for` = rule + window + caps; `due_at` = next attempt, never earlier. Lateness counts from
    `planned_for`. From `compiled_id` to `mime_boundary` the inputs are frozen at the first attempt, so
    that a repetition has the same bytes on any worker."""

    __tablename__ = "message"
    __table_args__ = (
        _where("uq_message_dedupe_key", "dedupe_key", where="state != 'cancelled'", unique=True),
        _where("ix_message_due", "sender", "due_at", where="state = 'planned'"),
        _where("ix_message_lease", "lease_until", where="state IN ('claimed', 'transmitting')"),
        _where("ix_message_unknown", "due_at", where="state = 'unknown'"),
        _where("ix_message_left_out", "planned_for", where="state = 'held' AND reason = 'less_often'"),
        Index("ix_message_client_time", "client_id", "planned_for"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("msg"))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), index=True)
    sequence_id: Mapped[str] = mapped_column(ForeignKey("sequence.id"))
    step_key: Mapped[str]
    email_version_id: Mapped[str] = mapped_column(ForeignKey("email_version.id"))
    dedupe_key: Mapped[str]
    topic: Mapped[str]
    purpose: Mapped[str]
    sender: Mapped[str] = mapped_column(default="main")
    ambiguous: Mapped[str] = mapped_column(default="resend")

    state: Mapped[str]
    reason: Mapped[str | None]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
    planned_for: Mapped[datetime]
    due_at: Mapped[datetime]
    max_late: Mapped[int]
    """Seconds."""
    counted: Mapped[bool] = mapped_column(default=True)
    """Whether it counts against the caps."""
    cards: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """The card that each rotating block shows in this email."""

    fence: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    claims: Mapped[int] = mapped_column(default=0)
    """Claims in a row that ended without a result: a row that kills its worker is parked at three (P13)."""
    attempts: Mapped[int] = mapped_column(default=0)
    resends: Mapped[int] = mapped_column(default=0)

    compiled_id: Mapped[str | None] = mapped_column(ForeignKey("compiled_email.id"))
    fields: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    mime_date: Mapped[datetime | None]
    mime_boundary: Mapped[str | None]
    mime_message_id: Mapped[str | None] = mapped_column(index=True)

    sent_at: Mapped[datetime | None]

    @hybrid_property
    def comes_at(self) -> datetime:
        """When it went out, else when it is to as things stand (UTC): what an outage, quiet hours or a mail
        server has put off comes at its next attempt."""
        put_off = self.state not in FINAL and self.due_at > self.planned_for
        return self.sent_at or (self.due_at if put_off else self.planned_for)

    @comes_at.inplace.expression
    @classmethod
    def _comes_at(cls) -> ColumnElement[datetime]:
        put_off = cls.state.not_in(FINAL) & (cls.due_at > cls.planned_for)
        return func.coalesce(cls.sent_at, case((put_off, cls.due_at), else_=cls.planned_for))
