"""When somebody rings, in the words of the page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aftercare.domain.localtime import to_local
from aftercare.flows.calendar import zone_of
from aftercare.flows.duty import Ringing
from aftercare.web import pages
from aftercare.web.public.links import Holder

A_WEEK = 7


def in_words(ringing: Ringing, holder: Holder, now: datetime) -> str:
    """`We are closed now. Sam rings Monday from 09:00.` The clinic's own time, named where she lives in
    another zone."""
    words: Mapping[str, Any] = pages.words_in(holder.language)["ringing"]
    name = ringing.first_name or words["somebody"]
    place = ringing.zone.key.rpartition("/")[2].replace("_", " ")
    is_elsewhere = zone_of(holder.client, holder.clinic).utcoffset(now) != ringing.zone.utcoffset(now)
    note = words["zone"].format(place=place) if is_elsewhere else ""
    if ringing.until is not None:
        until = f"{to_local(ringing.until, ringing.zone):%H:%M}{note}"
        said: str = words["open"].format(name=name, until=until)
    elif ringing.opens is not None:
        opens = to_local(ringing.opens, ringing.zone)
        day = _day(opens, to_local(now, ringing.zone), words)
        said = words["closed"].format(name=name, day=day, time=f"{opens:%H:%M}{note}")
    else:
        said = words["unknown"].format(name=name)
    return said


def _day(opens: datetime, today: datetime, words: Mapping[str, Any]) -> str:
    ahead = opens.date() - today.date()
    if ahead <= timedelta(days=1):
        return str(words["tomorrow"] if ahead else words["today"])
    weekday = str(words["weekdays"][opens.weekday()])
    if ahead.days < A_WEEK:
        return weekday
    month = words["months"][opens.month - 1]
    return str(words["far"].format(weekday=weekday, day=opens.day, month=month))
