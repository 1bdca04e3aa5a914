"""People who receive care and emails."""

from datetime import datetime

from sqlalchemy import ColumnElement, Index, UniqueConstraint, func
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id

FOR_STAFF = "staff:"
"""What the compared address of a colleague's row begins with: she may be a client here as well, with a row of
her own. No address begins so (RFC 5322, atext has no colon)."""
FOR_SIGNUP = "signup:"
"""The same for the row by which a newsletter sign-up is asked to be confirmed."""
COMPLAINT = "complaint_open"
"""The reason of a hold under which nothing leaves by itself but the contacts that she asks for in need."""


class Client(OfClinic, Base):
    """A client, or a colleague who gets emails (`staff_id`). This row is what opt-out, planning and sending
    lock, so that they never overlap (P7)."""

    __tablename__ = "client"
    __table_args__ = (
        UniqueConstraint("clinic_id", "email_key"),
        Index("ix_client_staff_id", "staff_id", unique=True),
        Index("ix_client_signup_id", "signup_id", unique=True),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("cli"))
    email: Mapped[str]
    email_key: Mapped[str]
    """The address as it is compared: case-folded, domain as A-label (B5, B15)."""
    first_name: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str | None]
    country: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    token_epoch: Mapped[int] = mapped_column(default=0)
    held_at: Mapped[datetime | None]
    held_by: Mapped[str | None]
    held_reason: Mapped[str | None]
    paused_until: Mapped[datetime | None]
    """Her emails rest until then; what falls into that time is left out, never sent in a burst."""
    paused_by: Mapped[str | None]
    stopped_at: Mapped[datetime | None]
    """Since when nothing at all goes out to her, until staff take that back; `stopped_reason` says why."""
    stopped_by: Mapped[str | None]
    stopped_reason: Mapped[str | None]
    pace: Mapped[str | None]
    """How seldom she asked to be written to, a key of `domain.caps.PACES`; None: as planned."""
    import_id: Mapped[str | None]
    """The batch that brought her in."""
    staff_id: Mapped[str | None]
    """Set: no client, but this member of staff as one who gets emails. Lists of clients leave it out."""
    signup_id: Mapped[str | None]
    """Set: no client, but the row by which this sign-up is asked to be confirmed (ADR 20). Left out too."""
    created_at: Mapped[datetime]

    @hybrid_property
    def address_key(self) -> str:
        """The address as suppressions compare it, also of a colleague or a sign-up."""
        return self.email_key.removeprefix(FOR_STAFF).removeprefix(FOR_SIGNUP)

    @address_key.inplace.expression
    @classmethod
    def _address_key(cls) -> ColumnElement[str]:
        return func.replace(func.replace(cls.email_key, FOR_STAFF, ""), FOR_SIGNUP, "")
