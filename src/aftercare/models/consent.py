"""The consent ledger: only ever added to. Absent means none."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Consent(OfClinic, Base):
    """One dated record: consent to a topic given or withdrawn, from where, under which wording, by whom.

    The newest record of a topic is `current`; what is in force is that one alone."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_current",
            "client_id",
            "topic",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("con"))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    topic: Mapped[str]
    given: Mapped[bool]
    current: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str]
    wording: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    replaced_given: Mapped[bool | None]
    """What was in force before, so that an undo restores exactly that; None where there was nothing."""
