"""Dates and small texts as staff read them. On a page, `when` and `day` know what time it is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

from aftercare.domain.localtime import to_local

NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def when(instant: datetime, zone: ZoneInfo | str, now: datetime) -> str:
    """`Fri 7 Nov, 10:00` on the wall clock of `zone`; with the year where it is not the year of `now`."""
    local = _local(instant, zone)
    return f"{day(local, now)}, {local:%H:%M}"


def soon(instant: datetime, zone: ZoneInfo | str, now: datetime) -> str:
    """As `when`, with `today` and `tomorrow` where they are nearer to how people speak."""
    local, today = _local(instant, zone), _local(now, zone).date()
    return f"{NEAR.get((local.date() - today).days) or day(local, now)}, {local:%H:%M}"


def leaving(instant: datetime, zone: ZoneInfo | str, now: datetime) -> str:
    """When an email goes out: as `soon`, or `now`, or `in a minute` where it waits for an undo."""
    if is_at_once(instant, now):
        return "now" if instant <= now else "in a minute"
    return soon(instant, zone, now)


def is_at_once(instant: datetime, now: datetime) -> bool:
    """Whether a clock time would say less than `now` and `in a minute`."""
    return instant <= now + timedelta(minutes=1)


def clock(instant: datetime, zone: ZoneInfo | str) -> str:
    """`10:00` on the wall clock of `zone`."""
    return f"{_local(instant, zone):%H:%M}"


def day(value: date, now: datetime) -> str:
    """`Fri 7 Nov`; `Fri 7 Nov 2025` where that is not the year of `now`. `long_day` is for headings."""
    today = now.astimezone(value.tzinfo) if isinstance(value, datetime) else now
    year = "" if value.year == today.year else f" {value.year}"
    return f"{value:%a} {value.day} {value:%b}{year}"


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


@pass_context
def _when(page: Context, instant: datetime, zone: ZoneInfo | str) -> str:
    return when(instant, zone, page["now"])


@pass_context
def _day(page: Context, value: date) -> str:
    return day(value, page["now"])


FILTERS = {
    "when": _when,
    "soon": soon,
    "leaving": leaving,
    "clock": clock,
    "day": _day,
    "long_day": long_day,
    "place": place,
    "ago": ago,
    "counted": counted,
    "masked": masked,
}
