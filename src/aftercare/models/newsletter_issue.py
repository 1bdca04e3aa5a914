"""Issues of a newsletter: one email to the subscribers of a topic, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class NewsletterIssue(OfClinic, Base):
    """What is an issue about a sequence of one step (ADR 19): to whom it goes, and when.

    `state`: draft, scheduled, sending, sent, cancelled. How far it has come is counted from its messages."""

    __tablename__ = "newsletter_issue"
    __table_args__ = (
        UniqueConstraint("sequence_id"),
        Index(
            "ix_newsletter_issue_under_way",
            "state",
            sqlite_where=text("state IN ('scheduled', 'sending')"),
            postgresql_where=text("state IN ('scheduled', 'sending')"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("iss"))
    sequence_id: Mapped[str] = mapped_column(ForeignKey("sequence.id"))
    topic: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    whose_time: Mapped[str] = mapped_column(default="recipient")
    """Whose wall clock shows `scheduled_local`: recipient or clinic."""
    scheduled_local: Mapped[str | None]
    """ISO 8601 without offset."""
    scheduled_for: Mapped[datetime | None]
    """That moment in the clinic's zone (UTC)."""
    starts_at: Mapped[datetime | None]
    """When it is that moment for the first recipient anywhere (UTC): who has subscribed by then is in."""
    segment: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    scheduled_by: Mapped[str | None]
    scheduled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    """When the last of its emails was settled, sent or not."""
