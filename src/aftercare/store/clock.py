"""The database's clock: what is due is decided by one clock, whatever the workers' own say (R6)."""

from datetime import UTC, datetime, timedelta
from time import monotonic

from sqlalchemy import Engine, text

from aftercare.models import Setting
from aftercare.store.engine import reading

SANDBOX_OFFSET = "sandbox.offset_seconds"

ASK_AGAIN_SECONDS = 1.0
"""For so long the database's answer is carried forward by the stopwatch: sending reads the time several
times per batch. The stopwatch starts after the answer came, so that nothing is ever early (P4)."""


class DatabaseClock:
    """Reads the database's clock; in a sandbox, shifted by the offset that time travel stored."""

    def __init__(self, engine: Engine, *, sandbox: bool = False) -> None:
        self._engine = engine
        self._sandbox = sandbox
        self._answer: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """UTC, shifted only in a sandbox."""
        return self.unshifted() + self._offset()

    def unshifted(self) -> datetime:
        """UTC, as the database has it."""
        answer = self._answer
        if answer is None or monotonic() - answer[1] > ASK_AGAIN_SECONDS:
            answer = self._answer = (self._ask(), monotonic())
        return answer[0] + timedelta(seconds=monotonic() - answer[1])

    def _ask(self) -> datetime:
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
