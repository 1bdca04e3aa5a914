"""What an email says, and what it compiles to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class EmailVersion(OfClinic, Base):
    """An email document (subject, preheader, blocks). Never changed once a message points at it."""

    __tablename__ = "email_version"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("emv"))
    language: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class CompiledEmail(OfClinic, Base):
    """A skeleton with slots, found by what went into it; immutable (reliability rule 4)."""

    __tablename__ = "compiled_email"
    __table_args__ = (UniqueConstraint("clinic_id", "inputs_hash"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("cmp"))
    email_version_id: Mapped[str] = mapped_column(ForeignKey("email_version.id"))
    inputs_hash: Mapped[str]
    """Of email version, theme version, variant and the shipped templates' version."""
    content_hash: Mapped[str]
    skeleton: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
