"""The database's clock: what is due is decided by one clock, whatever the workers' own say (R6)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from aftercare.models import Setting
from aftercare.store.engine import reading

SANDBOX_OFFSET = "sandbox.offset_seconds"


class DatabaseClock:
    """Reads the database's clock; in a sandbox, shifted by the offset that time travel stored."""

    def __init__(self, engine: Engine, *, sandbox: bool = False) -> None:
        self._engine = engine
        self._sandbox = sandbox

    def now(self) -> datetime:
        """UTC, shifted only in a sandbox."""
        return self.unshifted() + self._offset()

    def unshifted(self) -> datetime:
        """UTC, as the database has it."""
        sqlite = self._engine.dialect.name == "sqlite"
        query = "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')" if sqlite else "SELECT clock_timestamp()"
        with reading(self._engine) as db:
            value = db.execute(text(query)).scalar_one()
        if sqlite:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        instant: datetime = value
        return instant.astimezone(UTC)

    def _offset(self) -> timedelta:
        if not self._sandbox:
            return timedelta(0)
        with reading(self._engine) as db:
            row = db.get(Setting, SANDBOX_OFFSET)
            return timedelta(seconds=float(row.value) if row else 0.0)
