"""The one place where time is read. Everything else is handed `now`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Reads the time. Both readings are aware datetimes in UTC."""

    def now(self) -> datetime:
        """The time that clients live in; shifted in a sandbox that travels."""
        ...

    def unshifted(self) -> datetime:
        """The time for leases, heartbeats and rate limits, which no time travel may move."""
        ...


class SystemClock:
    """The computer's clock: for log lines and command-line defaults, not for deciding what is due (R6)."""

    def now(self) -> datetime:
        """Current UTC time."""
        return datetime.now(UTC)

    def unshifted(self) -> datetime:
        """Current UTC time."""
        return datetime.now(UTC)


class SteppedClock:
    """A clock that stands still until it is told to move: for tests and for the headless demo.

    `unshifted` follows the real clock, so that leases still mean seconds."""

    def __init__(self, start: datetime) -> None:
        self.current = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant that was set last."""
        return self.current

    def unshifted(self) -> datetime:
        """The computer's UTC time."""
        return datetime.now(UTC)

    def set(self, instant: datetime) -> None:
        """Stand at `instant` from now on."""
        self.current = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self.current += by
