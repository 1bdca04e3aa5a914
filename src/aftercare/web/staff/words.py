"""Dates and small texts as staff read them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import to_local

NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def when(instant: datetime, zone: ZoneInfo | str) -> str:
    """`Fri 7 Nov, 10:00` on the wall clock of `zone`."""
    local = _local(instant, zone)
    return f"{day(local)}, {local:%H:%M}"


def soon(instant: datetime, zone: ZoneInfo | str, now: datetime) -> str:
    """As `when`, with `today` and `tomorrow` where they are nearer to how people speak."""
    local, today = _local(instant, zone), _local(now, zone).date()
    return f"{NEAR.get((local.date() - today).days) or day(local)}, {local:%H:%M}"


def clock(instant: datetime, zone: ZoneInfo | str) -> str:
    """`10:00` on the wall clock of `zone`."""
    return f"{_local(instant, zone):%H:%M}"


def day(value: date) -> str:
    """`Fri 7 Nov`, with the year where it is not near: see `long_day` for headings."""
    return f"{value:%a} {value.day} {value:%b}"


def long_day(value: date) -> str:
    """`Friday 7 November 2026`."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def place(zone: ZoneInfo | str) -> str:
    """The zone as people call it: `New York` for America/New_York."""
    return str(zone).rpartition("/")[2].replace("_", " ")


def ago(instant: datetime, now: datetime) -> str:
    """`3 minutes ago`, `2 days ago`; `just now` below a minute."""
    gone = now - instant
    for unit, length in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        count = gone // length
        if count >= 1:
            return f"{counted(count, unit)} ago"
    return "just now"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 email`, `3 emails`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def masked(address: str) -> str:
    """An address so that its owner knows it and nobody else learns it: s•••@mail.com."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def _local(instant: datetime, zone: ZoneInfo | str) -> datetime:
    return to_local(instant, ZoneInfo(zone) if isinstance(zone, str) else zone)


FILTERS = {
    "when": when,
    "soon": soon,
    "clock": clock,
    "day": day,
    "long_day": long_day,
    "place": place,
    "ago": ago,
    "counted": counted,
    "masked": masked,
}
