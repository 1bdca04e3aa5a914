"""Steps of a sequence version."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class StepRow(OfClinic, Base):
    """One step: its `key` is stable over versions; its rule lies in the version's spec."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("stp"))
    version_id: Mapped[str] = mapped_column(ForeignKey("sequence_version.id"))
    key: Mapped[str]
    position: Mapped[int]
    email_version_id: Mapped[str] = mapped_column(ForeignKey("email_version.id"))
