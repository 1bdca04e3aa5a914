"""When people work at a clinic: weekly hours, days on which it stays closed, and working time. Half-open, on
the clinic's wall clock (R1 to R3)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import parse_time_of_day, shift, to_local, to_utc
from aftercare.errors import InvalidInput

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"([0-9]{1,2}:[0-9]{2}) ?[-–] ?([0-9]{1,2}:[0-9]{2})")
_WORDS = re.compile(
    r"([a-z]+)(?:(?: ?[-–] ?| to )([a-z]+))?,? (?:from )?"
    r"([0-9]{1,2}:[0-9]{2})(?: to | ?[-–] ?)([0-9]{1,2}:[0-9]{2})"
)
_LOOKED_AHEAD = 400
"""Days. A clinic that does not open within them is closed for good."""

Span = tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """`week`: the spans of each day from Monday on, in order; an end of 00:00 means midnight. `closed`: dates
    on which nobody works, such as holidays."""

    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    closed: frozenset[date] = frozenset()

    @classmethod
    def parse(cls, week: Mapping[str, str], closed: Collection[str] = ()) -> Self:
        """`{"mon": "09:00-12:30, 13:30-17:00"}`, a day that is missing or empty being closed, and dates as
        2026-12-25. InvalidInput names the day, or `closed`."""
        unknown = [day for day in week if day not in DAYS]
        if unknown:
            raise InvalidInput("hours", f"there is no day {unknown[0][:20]!r}; write mon to sun")
        return cls(tuple(_spans(week.get(day, ""), day) for day in DAYS), frozenset(map(_date, closed)))

    @property
    def ever_open(self) -> bool:
        """Whether anybody works here in any week."""
        return any(self.week)

    def written(self) -> dict[str, str]:
        """The week as `parse` reads it, without days that are closed."""
        days = zip(DAYS, self.week, strict=True)
        return {day: ", ".join(f"{a:%H:%M}-{_end(b)}" for a, b in spans) for day, spans in days if spans}

    def is_open(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Whether somebody works at this instant."""
        return self.next_opening(instant, zone) == instant

    def closing(self, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """When the clinic closes (UTC) that is open at this instant; None where it is closed then."""
        return next((end for start, end in self._from(instant, zone) if start <= instant), None)

    def next_opening(self, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """`instant` itself where the clinic is open then, else when it opens next (UTC); None for never."""
        return next((max(start, instant) for start, _ in self._from(instant, zone)), None)

    def working_time(self, start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
        """How long somebody worked from `start` to `end`, in elapsed time."""
        total = timedelta(0)
        for opens, closes in self._from(start, zone):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total

    def after(self, start: datetime, amount: timedelta, zone: ZoneInfo) -> datetime | None:
        """The instant (UTC) at which this much working time has gone since `start`; None for never."""
        left = amount
        for opens, closes in self._from(start, zone):
            begins = max(opens, start)
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        return None

    def _from(self, instant: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """The open spans that end after `instant`, in order, as UTC. A clock that is put back shows a span's
        start or end twice, and one that skips a day shows two days at once: no minute counts twice."""
        first = to_local(instant, zone).date() - timedelta(days=1)
        last = datetime.min.replace(tzinfo=UTC)
        for ahead in range(_LOOKED_AHEAD):
            for start, end in self._on(shift(datetime.combine(first, time()), timedelta(days=ahead)), zone):
                begins, last = max(start, last), max(end, last)
                if begins < end and end > instant:
                    yield begins, end

    def _on(self, midnight: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        if midnight.date() in self.closed:
            return
        for opens, closes in self.week[midnight.weekday()]:
            end = midnight + timedelta(days=1) if closes == time(0) else _at(midnight, closes)
            yield to_utc(_at(midnight, opens), zone), to_utc(end, zone)


def from_words(text: str) -> Hours | None:
    """The hours that `Monday to Friday, 9:00 to 17:00` and the like speak of; None where it says more, or
    something else."""
    match = _WORDS.fullmatch(text.strip().casefold())
    if match is None:
        return None
    days = [_day(name) for name in match.group(1, 2) if name]
    if None in days:
        return None
    first, last = days[0] or 0, days[-1] or 0
    span = f"{match[3]}-{match[4]}"
    try:
        found = Hours.parse({DAYS[number]: span for number in range(first, last + 1)})
    except InvalidInput:
        return None
    return found if found.ever_open else None


def _day(name: str) -> int | None:
    found = [number for number, full in enumerate(_NAMES) if len(name) > 2 and full.startswith(name)]
    return found[0] if found else None


def _spans(text: str, day: str) -> tuple[Span, ...]:
    found: list[Span] = []
    for piece in filter(None, (one.strip() for one in text.split(","))):
        found.append(_span(piece, day))
    _in_order(found, day)
    return tuple(found)


def _span(text: str, day: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise InvalidInput(day, f"{text[:40]!r} is no time; write 09:00-17:00, or 09:00-12:30, 13:30-17:00")
    start = parse_time_of_day(match[1].zfill(5), day)
    end = time(0) if match[2] == "24:00" else parse_time_of_day(match[2].zfill(5), day)
    if end != time(0) and end <= start:
        raise InvalidInput(day, f"{text!r} ends before it begins")
    return start, end


def _in_order(spans: Sequence[Span], day: str) -> None:
    for (_, end), (start, _) in pairwise(spans):
        if end == time(0) or start < end:
            raise InvalidInput(day, "the times overlap, or are not in order")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput("closed", f"{text.strip()[:40]!r} is no date; write 2026-12-25") from None


def _at(midnight: datetime, wall: time) -> datetime:
    return datetime.combine(midnight.date(), wall)


def _end(wall: time) -> str:
    return "24:00" if wall == time(0) else f"{wall:%H:%M}"
