"""Send windows: the local hours in which mail may go out (R4). Half-open, and they may cross midnight."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import outside_calendar, parse_time_of_day, shift, to_local, to_utc
from aftercare.errors import InvalidInput

_FORM = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")
_DAYS_AHEAD = 8  # every window opens daily; a week covers skipped hours and even skipped dates (Apia, 2011)


@dataclass(frozen=True)
class Window:
    """Open from local `start`, included, to local `end`, excluded; an `end` of 00:00 means midnight.

    Equal ends occur only in ALWAYS: `parse` refuses them."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str, field: str = "window") -> Self:
        """The window written as `08:00-20:00`; `18:00-02:00` crosses midnight, `00:00-24:00` never closes.

        Raises InvalidInput."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise InvalidInput(field, f"{text[:60]!r} is not a window; write it like 08:00-20:00")
        start = parse_time_of_day(match[1], field)
        until_midnight = match[2] == "24:00"
        end = time(0) if until_midnight else parse_time_of_day(match[2], field)
        if start == end and not until_midnight:
            raise InvalidInput(
                field, f"{text!r} opens and closes at the same time; for always write 00:00-24:00"
            )
        return cls(start, end)

    def is_open(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Whether the wall clock of `zone` stands inside the window at `instant`."""
        wall = to_local(instant, zone).time()
        if self.start < self.end:
            return self.start <= wall < self.end
        return self.start == self.end or wall >= self.start or wall < self.end

    def next_open(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """`instant` itself if the window is open then, else the UTC instant at which it opens next.

        Moves later only. Raises InvalidInput where that lies beyond the year 9999."""
        if self.is_open(instant, zone):
            return instant
        today = to_local(instant, zone).replace(tzinfo=None, fold=0)
        for ahead in range(_DAYS_AHEAD):
            opening = to_utc(datetime.combine(shift(today, timedelta(days=ahead)).date(), self.start), zone)
            # A start that falls into a skipped hour may be read as a time when the window is closed again.
            if opening >= instant and self.is_open(opening, zone):
                return opening
        raise outside_calendar("window")


ALWAYS = Window(time(0), time(0))
