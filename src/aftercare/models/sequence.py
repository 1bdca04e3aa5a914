"""Sequences and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class Sequence(OfClinic, Base):
    """A timed series; `slug` and `name` stay on the staff side, clients see `public_name`."""

    __tablename__ = "sequence"
    __table_args__ = (UniqueConstraint("clinic_id", "slug"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("seq"))
    kind: Mapped[str] = mapped_column(default="series", server_default="series")
    """`series`, or `issue`: one email of a newsletter (ADR 19), which stands on pages of its own."""
    slug: Mapped[str]
    name: Mapped[str]
    public_name: Mapped[str]
    topic: Mapped[str]
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None]


class SequenceVersion(OfClinic, Base):
    """One version: draft or published (at most one each), or retired. `spec` is the parsed sequence.yaml."""

    __tablename__ = "sequence_version"
    __table_args__ = (
        UniqueConstraint("sequence_id", "number"),
        Index(
            "uq_sequence_version_published",
            "sequence_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
        Index(
            "uq_sequence_version_draft",
            "sequence_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("ver"))
    sequence_id: Mapped[str] = mapped_column(ForeignKey("sequence.id"))
    number: Mapped[int]
    state: Mapped[str]
    spec: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=0)
    """Of a draft: counts its changes, so that two editors do not overwrite each other."""
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
