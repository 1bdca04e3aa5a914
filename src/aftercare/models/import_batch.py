"""Files of clients that were brought in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.models.base import Base, OfClinic, new_id


class ImportBatch(OfClinic, Base):
    """One file: checked (`staged`), in by a part (`begun`), brought in (`done`) or taken back (`undone`).

    `rows` holds the personal data of the file only until it is in."""

    __tablename__ = "import_batch"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: new_id("imp"))
    file_hash: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rows: Mapped[list[Any]] = mapped_column(JSON, default=list)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
