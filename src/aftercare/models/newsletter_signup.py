"""Addresses that were typed into the form on the web, and how often."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id

WAITS = "waits"


class NewsletterSignup(OfClinic, Base):
    """One address that somebody, perhaps not its owner, has typed in (ADR 20). Times are unshifted.

    What can tell who she is goes after thirty days without a yes. The keyed hashes and the count stay, so
    that nobody gets more than three of these emails ever."""

    __tablename__ = "newsletter_signup"
    __table_args__ = (
        UniqueConstraint("clinic_id", "address_hash"),
        Index("ix_newsletter_signup_clinic_id_mailbox_hash", "clinic_id", "mailbox_hash"),
        Index(
            "ix_newsletter_signup_waiting",
            "clinic_id",
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("sgn"))
    address_hash: Mapped[str]
    mailbox_hash: Mapped[str]
    """The same for all spellings that reach one mailbox: `ann+1@`, `ann+2@`."""
    email: Mapped[str | None]
    language: Mapped[str]
    wording: Mapped[str] = mapped_column(Text)
    """The words of consent that the form showed."""
    waits: Mapped[bool]
    """Asked for, and not yet looked at by a worker."""
    asked_at: Mapped[datetime]
    confirmations: Mapped[int] = mapped_column(default=0)
    """Emails that asked for a yes and have not got one."""
    last_sent_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]


class SignupTally(Base):
    """How often something happened on one day (UTC, unshifted): forms sent, by all or from one network."""

    __tablename__ = "signup_tally"

    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinic.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """`asked`, `sent`, or the keyed hash of a network."""
    count: Mapped[int]
