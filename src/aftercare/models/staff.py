"""People who work at a clinic."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Staff(OfClinic, Base):
    """A member of staff; role is owner, editor, therapist or viewer."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("sta"))
    first_name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(default="", index=True)
    """The address as it is compared at log-in."""
    role: Mapped[str]
    password_hash: Mapped[str | None]
    """argon2id; empty until a password was chosen."""
    invite_hash: Mapped[str | None]
    """SHA-256 of the one link with which a password can be chosen, until `invite_until` (unshifted)."""
    invite_until: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
