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
    role: Mapped[str]
    created_at: Mapped[datetime]
