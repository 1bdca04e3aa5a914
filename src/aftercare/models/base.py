"""What all tables share: the base class, ids and the one column type for instants."""

import secrets
from base64 import b32encode
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, DateTime, Dialect, ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


At = datetime | BindParameter[datetime]
"""An instant in a question: now, or named later."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant. PostgreSQL: timestamptz. SQLite: text of fixed width in UTC, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, timestamptz elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses a datetime without zone: it would be read as local time somewhere else."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone")
        value = value.astimezone(UTC)
        # Not strftime: it writes the year 999 with three digits, which no longer sorts or reads back.
        return value.isoformat(timespec="microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return instant.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base of every table."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {datetime: UTCDateTime}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute


class OfClinic:
    """Mixin: the row belongs to one clinic."""

    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinic.id"), index=True)


def new_id(prefix: str) -> str:
    """An opaque id such as `cli_` + 24 letters and digits: 120 random bits, safe in URLs and file names."""
    return f"{prefix}_{b32encode(secrets.token_bytes(15)).decode().lower()}"
