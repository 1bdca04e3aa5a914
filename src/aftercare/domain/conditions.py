"""Structured conditions on facts: `{fact: first_session, is: true}`. No code, no expressions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from aftercare.domain import reading
from aftercare.errors import ContentError

_TESTS = ("is", "is_not", "in")
LEARNED_LATER = frozenset({"checkin", "spoken_with_client"})
"""Facts that a run learns on its way. Whether a step that asks for one goes out is decided when it is due."""


@dataclass(frozen=True)
class Condition:
    """Fact `fact` is one of `values`, or none of them where `negated`. An unknown fact never matches."""

    fact: str
    values: frozenset[str]
    negated: bool = False

    @classmethod
    def parse(cls, value: object, where: str) -> Self:
        """One of `{fact, is}`, `{fact, is_not}`, `{fact, in: [...]}`. Raises ContentError."""
        fields = reading.mapping(value, where, ("fact", *_TESTS))
        tests = [test for test in _TESTS if test in fields]
        if len(tests) != 1:
            raise ContentError(f"{where}: needs exactly one of {', '.join(_TESTS)}")
        if "fact" not in fields:
            raise ContentError(f"{where}: has no 'fact'; name the fact to look at")
        test = tests[0]
        given = reading.items(fields["in"], f"{where}.in") if test == "in" else [fields[test]]
        values = frozenset(_scalar(one, f"{where}.{test}") for one in given)
        return cls(reading.text(fields["fact"], f"{where}.fact"), values, test == "is_not")

    def matches(self, facts: Mapping[str, object]) -> bool:
        """Whether `facts` satisfy it."""
        value = facts.get(self.fact)
        return value is not None and (_written(value) in self.values) is not self.negated


def all_match(conditions: tuple[Condition, ...], facts: Mapping[str, object]) -> bool:
    """Whether `facts` satisfy every one of `conditions`."""
    return all(condition.matches(facts) for condition in conditions)


def until_learned(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Those that can be decided when a run begins."""
    return tuple(one for one in conditions if one.fact not in LEARNED_LATER)


def equal_to(fact: str, value: object, where: str) -> Condition:
    """The condition that `fact` is `value`, or one of its items where it is a list. Raises ContentError."""
    given = reading.items(value, where) if isinstance(value, list) else [value]
    return Condition(fact, frozenset(_scalar(one, where) for one in given))


def _scalar(value: object, where: str) -> str:
    if not isinstance(value, (str, bool, int, float)):
        raise ContentError(f"{where}: expected text, a number, true or false, found {reading.kind(value)}")
    return _written(value)


def _written(value: object) -> str:
    """Facts come typed from the database and as text from the command line; both compare as written."""
    return str(value).lower() if isinstance(value, bool) else str(value)
