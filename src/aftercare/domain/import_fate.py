"""What becomes of each row of a file of clients. An import adds; it never revives who said stop."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """Each row has exactly one, so that the counts add up to the rows of the file."""

    NEW = "new"
    NO_EMAILS = "no_emails"
    """Added, but nothing is sent: nothing says that this person agreed."""
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STAYS_UNSUBSCRIBED = "stays_unsubscribed"
    """Said stop, or must not be mailed: nothing changes for her, whatever the file says (B6)."""
    REFUSED = "refused"
    DOUBLE = "double"


@dataclass(frozen=True)
class Person:
    """One row, read. `agreed`: the file says yes. `source`: where and when she agreed, as it is recorded. No
    language: the clinic's."""

    row: int
    email: str
    email_key: str
    first_name: str = ""
    timezone: str | None = None
    country: str | None = None
    language: str = ""
    agreed: bool = False
    source: str = ""


@dataclass(frozen=True)
class Known:
    """A client of the clinic with the same address. `given`: topics in force; `stopped`: she left a topic."""

    client_id: str
    first_name: str
    timezone: str | None
    country: str | None
    given: frozenset[str] = frozenset()
    stopped: bool = False


@dataclass(frozen=True)
class Verdict:
    """What is done with a person: fields to fill in, topics to record consent for."""

    fate: Fate
    person: Person
    client_id: str | None = None
    fill: Mapping[str, str] | None = None
    topics: Sequence[str] = ()


def decide(person: Person, known: Known | None, topics: Iterable[str], *, suppressed: bool) -> Verdict:
    """`topics` are those that a yes stands for. Of a known client only empty fields are filled."""
    agreed = tuple(topics) if person.agreed else ()
    if known is None:
        if suppressed:
            return Verdict(Fate.STAYS_UNSUBSCRIBED, person)
        return Verdict(Fate.NEW if agreed else Fate.NO_EMAILS, person, topics=agreed)
    if suppressed or known.stopped:
        return Verdict(Fate.STAYS_UNSUBSCRIBED, person, known.client_id)
    fill = _empty_fields(person, known)
    added = tuple(topic for topic in agreed if topic not in known.given)
    fate = Fate.UPDATED if fill or added else Fate.UNCHANGED
    return Verdict(fate, person, known.client_id, fill, added)


def _empty_fields(person: Person, known: Known) -> dict[str, str]:
    offered = (
        ("first_name", person.first_name, known.first_name),
        ("timezone", person.timezone, known.timezone),
        ("country", person.country, known.country),
    )
    return {name: given for name, given, has in offered if given and not has}
