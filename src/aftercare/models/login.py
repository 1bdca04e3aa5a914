"""Log-ins of staff, and who must wait before trying again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Login(OfClinic, Base):
    """One browser that is signed in; only its token's SHA-256 is kept. Times are unshifted (design 2.6)."""

    __tablename__ = "login"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("lgn"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Throttle(Base):
    """Misses in a row of one address or one network peer, under a keyed hash of it. Unshifted time."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    clinic_id: Mapped[str | None] = mapped_column(ForeignKey("clinic.id"), index=True)
    misses: Mapped[int]
    last_at: Mapped[datetime]
