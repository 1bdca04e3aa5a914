"""What a clinic recommends beside its own pages."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Resource(OfClinic, Base):
    """An entry of the resource library; blocks name it by its `slug`, which never changes."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("clinic_id", "slug"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("res"))
    slug: Mapped[str]
    title: Mapped[str]
    url: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str]
    country: Mapped[str | None]
    """ISO 3166 capitals; empty: for everywhere."""
    note: Mapped[str]
    """For staff; clients never see it."""
    last_checked: Mapped[date]
    """When somebody last followed the link, in the clinic's calendar."""
    dead_since: Mapped[datetime | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]

    @property
    def is_dead(self) -> bool:
        """Whether somebody said that it does not work any more."""
        return self.dead_since is not None
