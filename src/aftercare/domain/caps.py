"""How much mail one client may get: per local day, per 7 local days, as seldom as she asked for, and the gap
between steps of one run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import shift, to_local, to_utc
from aftercare.domain.windows import Window

# Smaller goes first: SAFE, STRONG, PRE, POST, KEEP, NEWS.
PRIORITY: Mapping[str, int] = MappingProxyType(
    {"support": 0, "tender": 1, "appointment": 2, "visit": 3, "touch": 4, "news": 5}
)

EVERY_DAY: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True)
class Caps:
    """At most `per_day` mails on one local date, `per_week` in any 7 consecutive local dates, one in any
    `apart` consecutive local dates (0: no such wish), and at least `gap` of elapsed time between two steps of
    the same run. A zero gap also leaves the order of steps free."""

    per_day: int = 1
    per_week: int = 4
    gap: timedelta = timedelta(hours=12)
    apart: int = 0

    @property
    def without_pace(self) -> "Caps":
        """What would hold if she had not asked for fewer emails."""
        return replace(self, apart=0)


PACES: Mapping[str, int] = MappingProxyType({"weekly": 7, "monthly": 30})
"""What a client can ask for instead of the plan: at most one email in so many consecutive local dates."""

NO_CAPS = Caps(per_day=1_000_000, per_week=1_000_000, gap=timedelta(0))


def caps_at(pace: str | None) -> Caps:
    """The caps of a client who asked for this pace, a key of `PACES`; None: as planned."""
    return Caps(apart=PACES[pace] if pace else 0)


@dataclass(frozen=True)
class Taken:
    """A mail that has its place in the client's calendar: sent, on the wire, or planned before this one.

    Not `counted`: uncapped steps and purpose account, which neither fill a day nor keep a gap."""

    run_key: str
    at: datetime
    counted: bool = True


def next_allowed(
    candidate: datetime,
    taken: Sequence[Taken],
    *,
    run_key: str,
    zone: ZoneInfo,
    caps: Caps,
    only_on: frozenset[int],
    window: Window,
    wall_time: time,
    latest: datetime | None = None,
) -> datetime:
    """`candidate` (UTC, inside the window) if caps, gap and weekdays (`only_on`, Monday is 0) permit it, else
    `wall_time` on the next permitted local date, the window applied after.

    Of `taken` only what lies less than 8 days back matters, or a day more than `apart`. The search ends, and
    its last slot is returned, once it is past `latest`. Raises InvalidInput beyond the year 9999."""
    counted = [entry for entry in taken if entry.counted]
    dates = [to_local(entry.at, zone).date() for entry in counted]
    run = [entry.at for entry in counted if entry.run_key == run_key]
    while latest is None or candidate <= latest:
        day = to_local(candidate, zone).date()
        gap_kept = not caps.gap or all(candidate - at >= caps.gap for at in run)
        if gap_kept and day.weekday() in only_on and _has_room(day, dates, caps):
            break
        tomorrow = shift(datetime.combine(day, wall_time), timedelta(days=1))
        candidate = window.next_open(to_utc(tomorrow, zone), zone)
    return candidate


def _has_room(day: date, dates: Sequence[date], caps: Caps) -> bool:
    if dates.count(day) >= caps.per_day:
        return False
    ordinal = day.toordinal()
    offsets = [taken.toordinal() - ordinal for taken in dates]
    if any(abs(offset) < caps.apart for offset in offsets):
        return False
    return all(
        sum(first <= offset <= first + 6 for offset in offsets) < caps.per_week for first in range(-6, 1)
    )
