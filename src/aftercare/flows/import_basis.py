"""What a clinic says of the consent of the people in its file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from aftercare.errors import InvalidInput
from aftercare.flows.consent import TOPICS
from aftercare.flows.readers import read_line

SOURCE_LIMIT, WORDING_LIMIT = 100, 1000
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")


class Who(StrEnum):
    """Who of the file agreed to emails."""

    COLUMN = "column"
    """Those whose row says yes."""
    FILE = "file"
    """Everybody in it."""
    NOBODY = "nobody"
    UNSAID = ""
    """Not said yet: nothing can be brought in."""


@dataclass(frozen=True)
class Basis:
    """Who agreed, to which topics, where, in which words and when (a local date, ISO 8601, may be empty)."""

    who: Who = Who.UNSAID
    topics: tuple[str, ...] = ("aftercare",)
    source: str = ""
    wording: str = ""
    given_on: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON for the batch."""
        return asdict(self) | {"topics": list(self.topics)}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Basis":
        """From what a form, a command or the batch says. InvalidInput."""
        topics = tuple(dict.fromkeys(raw.get("topics", ("aftercare",))))
        if not set(topics) <= set(TOPICS):
            raise InvalidInput("consent topics", f"choose from {', '.join(TOPICS)}")
        who = str(raw.get("who", ""))
        if who not in set(Who):
            raise InvalidInput("consent", "say who agreed: a column, everybody in the file, or nobody")
        return cls(
            Who(who),
            topics,
            read_line("consent source", str(raw.get("source", "")), SOURCE_LIMIT),
            read_line("consent wording", str(raw.get("wording", "")), WORDING_LIMIT),
            read_line("consent date", str(raw.get("given_on", "")), 10),
        )


def open_questions(basis: Basis, fields: Mapping[str, str], today: date) -> Iterator[str]:
    """What must still be said before anybody is brought in; sentences for people."""
    if basis.who is Who.UNSAID:
        yield (
            "Say who agreed to emails: name the column that says so, declare it for everybody in the file, "
            "or bring them in without emails."
        )
    if basis.who is Who.COLUMN and "consent" not in fields:
        yield "Choose the column that says who agreed."
    if basis.who in (Who.COLUMN, Who.FILE):
        yield from _gaps(basis, today)


def _gaps(basis: Basis, today: date) -> Iterator[str]:
    if not basis.topics:
        yield "Choose what they agreed to."
    if not basis.source:
        yield "Say where they agreed, such as: intake form."
    if not basis.wording:
        yield "Write the words that they agreed to."
    if basis.who is Who.FILE and not basis.given_on:
        yield "Say on which date they agreed; where it was several, the latest."
    if basis.given_on and (day := read_day(basis.given_on)) is None:
        yield "Write the date of consent like 2026-03-28."
    elif basis.given_on and day is not None and day > today:
        yield "The date of consent lies in the future. Write the date on which they agreed."


def read_day(text: str) -> date | None:
    """The day of an ISO date or date and time; None for any other writing, which could be read two ways."""
    match = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
