"""What a clinic shows everybody of its newsletter."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic


class NewsletterPage(OfClinic, Base):
    """The public pages of one clinic: the form, the archive, and whether search engines may list them."""

    __tablename__ = "newsletter_page"
    __table_args__ = (UniqueConstraint("clinic_id"),)

    slug: Mapped[str] = mapped_column(primary_key=True)
    """Its part of the addresses, which stand on other websites: it never changes."""
    takes_signups: Mapped[bool] = mapped_column(default=False)
    shows_archive: Mapped[bool] = mapped_column(default=False)
    may_be_found: Mapped[bool] = mapped_column(default=False)
    wording: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The clinic's own words of consent, by language; without them the shipped ones are shown."""
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
