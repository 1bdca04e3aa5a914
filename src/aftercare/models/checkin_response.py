"""What clients answer to the question in an email."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class CheckinResponse(OfClinic, Base):
    """The answer to the question of one email: `fine`, `wobbly` or `call`. A later one takes its place."""

    __tablename__ = "checkin_response"
    __table_args__ = (UniqueConstraint("message_id"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("chk"))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"))
    answer: Mapped[str]
    changed_from: Mapped[str | None]
    """`wobbly` or `call`, where she answered that before and nobody had read it."""
    note: Mapped[str] = mapped_column(default="")
    """The optional line in her own words: shown to staff on pages, never in an email, a link or a log."""
    answered_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When somebody took note of this very answer."""
    seen_by: Mapped[str | None]
