"""Why people want fewer emails: counted, and never kept with a person."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class LeavingReason(OfClinic, Base):
    """How many people of a clinic gave this reason for this choice. Who they were stands nowhere."""

    __tablename__ = "leaving_reason"
    __table_args__ = (UniqueConstraint("clinic_id", "choice", "reason"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("lvr"))
    choice: Mapped[str]
    """What they chose: stop, pause, less_often or topics."""
    reason: Mapped[str]
    count: Mapped[int] = mapped_column(default=0)
