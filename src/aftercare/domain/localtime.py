"""Wall clocks, zones and instants (rules R1 to R3).

An instant is an aware datetime in UTC; a local time is naive and means nothing without its zone."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from aftercare.errors import InvalidInput

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")
# Files beside the zones that mean "this computer's zone", "no zone" or "with leap seconds".
_NO_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])"
    r"(?::([0-5][0-9]|60)(\.[0-9]{1,6})?)?"
    r"(Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?"
)


@dataclass(frozen=True)
class Anchor:
    """What waits are counted from: the wall-clock reading `local` (naive) in the `zone` that the client lived
    in at the time, and the UTC `instant` itself. A later move of the client changes neither (R5)."""

    local: datetime
    zone: ZoneInfo
    instant: datetime

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> Self:
        """The anchor for an aware `instant`, read on the wall clock of `zone`. Raises InvalidInput."""
        return cls(to_local(instant, zone).replace(tzinfo=None, fold=0), zone, instant.astimezone(UTC))


def parse_zone(name: str, aliases: Mapping[str, str] | None = None, field: str = "timezone") -> ZoneInfo:
    """The IANA zone `name`, after `aliases` (old name -> name in use now, such as `US/Eastern`) were applied.

    Raises InvalidInput for anything that is not the name of a zone; names are case-sensitive."""
    canonical = (aliases or {}).get(name, name)
    if _ZONE.fullmatch(canonical) and not canonical.startswith(_NO_ZONES):
        try:
            return ZoneInfo(canonical)
        except (KeyError, ValueError, OSError):
            pass
    raise InvalidInput(field, f"{name[:60]!r} is not a known time zone; write one like 'Europe/London'")


def parse_time_of_day(text: str, field: str = "time of day") -> time:
    """The local time written as `HH:MM`, 00:00 to 23:59. Raises InvalidInput (24:00 is another day)."""
    match = _TIME_OF_DAY.fullmatch(text)
    if match is None:
        raise InvalidInput(field, f"{text[:60]!r} is not a time of day; write HH:MM from 00:00 to 23:59")
    return time(int(match[1]), int(match[2]))


def parse_instant(text: str, zone: ZoneInfo, field: str = "time") -> datetime:
    """The UTC instant written in ISO 8601; without an offset it is local in `zone` (R2, R3 apply).

    A leap second (`:60`) is read as `:59`. Raises InvalidInput; a date without a time is refused."""
    match = _INSTANT.fullmatch(text.strip().upper())
    if match is None:
        raise InvalidInput(
            field, f"{text[:60]!r} is not a date and time; write 2026-03-28T18:00, offset optional"
        )
    day, minute, second, fraction, offset = match.groups("")
    second = "59" if second == "60" else second or "00"
    try:
        written = datetime.fromisoformat(f"{day}T{minute}:{second}{fraction}{offset}")
    except ValueError as error:
        raise InvalidInput(field, f"{text[:60]!r} is not in the calendar ({error})") from error
    if written.tzinfo is None:
        return to_utc(written, zone, field)
    return _in_calendar(lambda: written.astimezone(UTC), field)


def to_utc(local: datetime, zone: ZoneInfo, field: str = "time") -> datetime:
    """The UTC instant of the naive wall-clock reading `local`. Raises InvalidInput outside years 1 to 9999.

    A reading that the clock skips uses the offset before the gap (R2, RFC 5545 section 3.3.5); one that it
    shows twice means the first (R3). Both are what `fold=0` says."""
    return _in_calendar(lambda: local.replace(tzinfo=zone, fold=0).astimezone(UTC), field)


def to_local(instant: datetime, zone: ZoneInfo, field: str = "time") -> datetime:
    """`instant` as an aware datetime on the wall clock of `zone`. Raises InvalidInput as `to_utc` does."""
    return _in_calendar(lambda: instant.astimezone(zone), field)


def shift(moment: datetime, by: timedelta, field: str = "time") -> datetime:
    """`moment + by`: elapsed for UTC, wall arithmetic for naive. Raises InvalidInput as `to_utc` does."""
    return _in_calendar(lambda: moment + by, field)


def outside_calendar(field: str = "time") -> InvalidInput:
    """The error for a date that Python's calendar (years 1 to 9999) cannot hold."""
    return InvalidInput(field, "the date falls outside the years 1 to 9999; choose a nearer date")


def _in_calendar(compute: Callable[[], datetime], field: str) -> datetime:
    try:
        return compute()
    except (OverflowError, ValueError) as error:
        raise outside_calendar(field) from error
