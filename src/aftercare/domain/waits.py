"""The wait grammar: when a step is due, counted from the anchor (rules R1 to R4)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from aftercare.domain import reading
from aftercare.domain.localtime import Anchor, outside_calendar, shift, to_local, to_utc
from aftercare.domain.windows import Window
from aftercare.errors import ContentError

_ELAPSED = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
_CALENDAR = ("days", "working_days", "weeks", "months", "years")
UNITS = (*_ELAPSED, *_CALENDAR)
_MOST = 10_000_000  # of any unit; far beyond the calendar's end, yet small enough for every sum below
_FRIDAY = 4


@dataclass(frozen=True)
class Slot:
    """A UTC instant and the local time of day that was asked for: the one to keep on another date."""

    instant: datetime
    wall: time


@dataclass(frozen=True)
class Wait:
    """`amount` of `unit` after the anchor (before it, where negative).

    Elapsed units add up in UTC. Calendar units count local dates, at the local time `at` (default: the
    anchor's). `else_at` is the local time to go to where the instant falls outside the window."""

    unit: str
    amount: int
    at: time | None = None
    else_at: time | None = None

    @classmethod
    def parse(cls, value: object, where: str = "wait", *, allow_negative: bool = False) -> Self:
        """The wait written as `{days: 1, at: "18:00"}`. Raises ContentError."""
        fields = reading.mapping(value, where, (*UNITS, "at", "else_at"))
        units = [unit for unit in UNITS if unit in fields]
        if len(units) != 1:
            raise ContentError(f"{where}: needs exactly one of {', '.join(UNITS)}, found {len(units)}")
        unit = units[0]
        at = reading.time_of_day(fields["at"], f"{where}.at") if "at" in fields else None
        if at is not None and unit in _ELAPSED:
            raise ContentError(f"{where}.at: {unit} are elapsed time; use days with 'at', or 'else_at'")
        else_at = reading.time_of_day(fields["else_at"], f"{where}.else_at") if "else_at" in fields else None
        return cls(unit, _amount(fields[unit], f"{where}.{unit}", allow_negative), at, else_at)

    def slot(self, anchor: Anchor, zone: ZoneInfo, window: Window) -> Slot:
        """When the step is due for a client who now lives in `zone`: rule, `else_at`, last the window (R4).

        Raises InvalidInput where that lies outside the years 1 to 9999."""
        slot = self._rule(anchor, zone)
        if self.else_at is not None and not window.is_open(slot.instant, zone):
            slot = Slot(_first_after(slot.instant, self.else_at, zone), self.else_at)
        opened = window.next_open(slot.instant, zone)
        return slot if opened == slot.instant else Slot(opened, window.start)

    def due(self, anchor: Anchor, zone: ZoneInfo, window: Window) -> datetime:
        """The UTC instant of `slot`."""
        return self.slot(anchor, zone, window).instant

    def wanted(self, anchor: Anchor, zone: ZoneInfo) -> datetime:
        """The UTC instant that the rule alone asks for, before `else_at` and window."""
        return self._rule(anchor, zone).instant

    def _rule(self, anchor: Anchor, zone: ZoneInfo) -> Slot:
        if self.unit in _ELAPSED:
            instant = shift(anchor.instant, self.amount * _ELAPSED[self.unit], "wait")
            return Slot(instant, to_local(instant, zone).time())
        wall = self.at or anchor.local.time()
        day = _later(anchor.local.date(), self.unit, self.amount)
        return Slot(to_utc(datetime.combine(day, wall), zone, "wait"), wall)


def _amount(value: object, where: str, allow_negative: bool) -> int:
    amount = reading.integer(value, where)
    if amount < 0 and not allow_negative:
        raise ContentError(f"{where}: {amount} is negative; only a wait before an appointment may be")
    if abs(amount) > _MOST:
        raise ContentError(f"{where}: is too large; write at most {_MOST}")
    return amount


def _later(day: date, unit: str, amount: int) -> date:
    if unit == "working_days":
        return _working_days_later(day, amount)
    if unit in ("months", "years"):
        return _months_later(day, amount * (12 if unit == "years" else 1))
    return _days_later(day, amount * (7 if unit == "weeks" else 1))


def _days_later(day: date, days: int) -> date:
    return shift(datetime.combine(day, time()), timedelta(days=days), "wait").date()


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= MAXYEAR:
        raise outside_calendar("wait")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _working_days_later(day: date, amount: int) -> date:
    """Monday to Friday. Counting starts at the last working day; backwards and for zero, at the next one."""
    direction = 1 if amount > 0 else -1
    while day.weekday() > _FRIDAY:
        day = _days_later(day, -direction)
    weeks, rest = divmod(abs(amount), 5)
    day = _days_later(day, direction * weeks * 7)
    while rest:
        day = _days_later(day, direction)
        rest -= day.weekday() <= _FRIDAY
    return day


def _first_after(instant: datetime, wall: time, zone: ZoneInfo) -> datetime:
    today = to_local(instant, zone).date()
    at = to_utc(datetime.combine(today, wall), zone)
    return at if at > instant else to_utc(datetime.combine(_days_later(today, 1), wall), zone)
