"""Which subscribers an issue is for: a handful of conditions, all of which must hold. No code, no SQL."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

from aftercare.errors import InvalidInput

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
FORMS = {
    "language": (_TAG, "write a tag such as en"),
    "country": (_COUNTRY, "write two capitals such as GB"),
    "therapist": (_NAME, "write the id of a member of staff"),
    "visited_since": (None, "write a date like 2026-03-28"),
    "not_visited_since": (None, "write a date like 2026-03-28"),
    "finished": (_NAME, "write the name of a sequence, such as after-your-visit"),
}


@dataclass(frozen=True)
class Segment:
    """None leaves a condition out. `therapist`: of the last visit. `visited_since`: the last visit was on
    this day of the clinic's calendar or later; `not_visited_since`: before it, or never. `finished`: had all
    of this sequence (its slug)."""

    language: str | None = None
    country: str | None = None
    therapist: str | None = None
    visited_since: date | None = None
    not_visited_since: date | None = None
    finished: str | None = None

    @classmethod
    def parse(cls, conditions: Mapping[str, object]) -> Self:
        """The segment of these conditions, as forms, programs and the database write them; empty ones say
        nothing. InvalidInput names the condition and how it is written."""
        given = {key: value for key, value in conditions.items() if value not in (None, "")}
        for key in given:
            if key not in FORMS:
                raise InvalidInput(key[:40], f"is no condition; choose from {', '.join(FORMS)}")
        return cls(
            language=_text(given, "language"),
            country=_text(given, "country"),
            therapist=_text(given, "therapist"),
            visited_since=_day(given, "visited_since"),
            not_visited_since=_day(given, "not_visited_since"),
            finished=_text(given, "finished"),
        )

    def to_json(self) -> dict[str, str]:
        """As it is stored; `parse` reads it."""
        return {key: str(value) for key, value in asdict(self).items() if value is not None}


def _text(given: Mapping[str, object], key: str) -> str | None:
    if key not in given:
        return None
    value, (form, fix) = given[key], FORMS[key]
    if not isinstance(value, str) or form is None or not form.fullmatch(value):
        raise InvalidInput(key, fix)
    return value


def _day(given: Mapping[str, object], key: str) -> date | None:
    if key not in given:
        return None
    try:
        return date.fromisoformat(str(given[key]))
    except ValueError:
        raise InvalidInput(key, FORMS[key][1]) from None
