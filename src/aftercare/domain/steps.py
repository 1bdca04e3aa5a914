"""What a sequence.yaml says: the sequence, its trigger and its steps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from aftercare.domain import reading
from aftercare.domain.caps import EVERY_DAY, PRIORITY
from aftercare.domain.conditions import Condition, all_match, equal_to
from aftercare.domain.waits import Wait
from aftercare.errors import ContentError

EVENTS = (
    "session.logged",
    "appointment.booked",
    "sequence.finished",
    "staff.created",
    "newsletter.issue",
    "manual",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PURPOSES = ("care", "newsletter", "account")
REENROLMENTS = ("restart", "keep", "parallel")
AMBIGUOUS = ("resend", "hold", "drop")
_STEP_KEYS = (
    "key",
    "wait",
    "only_on",
    "only_if",
    "max_late",
    "if_past",
    "every_visit",
    "uncapped",
    "window",
)
_SEQUENCE_KEYS = (
    "name",
    "public_name",
    "trigger",
    "topic",
    "purpose",
    "reenrolment",
    "repeat_after",
    "exit_on",
    "ambiguous",
    "priority",
    "steps",
)
_MOST_STEPS = 200
# A step's key is also the name of the file that its email is written in.
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Step:
    """One email of a sequence with its wait. `only_on`: weekdays, Monday is 0. `window_any`: at any hour."""

    key: str
    wait: Wait
    only_on: frozenset[int] = EVERY_DAY
    only_if: tuple[Condition, ...] = ()
    max_late: timedelta | None = None
    if_past: str | None = None
    every_visit: bool = False
    uncapped: bool = False
    window_any: bool = False

    @classmethod
    def parse(cls, value: object, where: str = "step", *, allow_negative: bool = False) -> Self:
        """One item of `steps`. Raises ContentError."""
        fields = reading.mapping(value, where, _STEP_KEYS)
        for needed in ("key", "wait"):
            if needed not in fields:
                raise ContentError(f"{where}: has no {needed!r}; every step needs a key and a wait")
        key = reading.text(fields["key"], f"{where}.key")
        if not _KEY.fullmatch(key):
            raise ContentError(f"{where}.key: {reading.shown(key)} may hold only letters, digits, - and _")
        where = f"{where} ({key})"
        return cls(
            key,
            Wait.parse(fields["wait"], f"{where}.wait", allow_negative=allow_negative),
            only_on=reading.option(fields, "only_on", _weekdays, where, EVERY_DAY),
            only_if=reading.option(fields, "only_if", _conditions, where, ()),
            max_late=reading.option(fields, "max_late", reading.duration, where, None),
            if_past=reading.option(fields, "if_past", reading.choice_of(("send", "skip")), where, None),
            every_visit=reading.option(fields, "every_visit", reading.flag, where, False),
            uncapped=reading.option(fields, "uncapped", reading.flag, where, False),
            window_any=reading.option(fields, "window", reading.choice_of(("any",)), where, None) == "any",
        )


@dataclass(frozen=True)
class Trigger:
    """What enrols: the event `on`, under `conditions` on its facts."""

    on: str = "manual"
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def parse(cls, value: object, where: str = "trigger") -> Self:
        """`{on: session.logged, outcome: ordinary}`, or just `manual`. Raises ContentError."""
        if isinstance(value, str):
            return cls(reading.choice(value, where, EVENTS))
        fields = reading.mapping(value, where)
        if "on" not in fields:
            raise ContentError(f"{where}: has no 'on'; possible: {', '.join(EVENTS)}")
        others = [(fact, wanted) for fact, wanted in fields.items() if fact != "on"]
        conditions = tuple(equal_to(fact, wanted, f"{where}.{fact}") for fact, wanted in others)
        return cls(reading.choice(fields["on"], f"{where}.on", EVENTS), conditions)

    def matches(self, on: str, facts: Mapping[str, object]) -> bool:
        """Whether the event `on` with these `facts` enrols."""
        return on == self.on and all_match(self.conditions, facts)


@dataclass(frozen=True)
class SequenceSpec:
    """One version of a sequence, as its file says. Only `steps` has no default: a plan can be tried
    out early, and `missing` tells what publishing still needs."""

    steps: tuple[Step, ...]
    name: str = ""
    public_name: str = ""
    trigger: Trigger = Trigger()
    topic: str = "aftercare"
    purpose: str = "care"
    reenrolment: str = "restart"
    repeat_after: timedelta | None = None
    exit_on: tuple[str, ...] = ("opted_out",)
    ambiguous: str = "resend"
    priority: str = "visit"

    @classmethod
    def parse(cls, value: object, where: str = "sequence.yaml") -> Self:
        """The whole file, already read from YAML. Raises ContentError that names place and fix."""
        fields = reading.mapping(value, where, _SEQUENCE_KEYS)
        if "steps" not in fields:
            raise ContentError(f"{where}: has no steps; add at least one with a key and a wait")
        trigger = reading.option(fields, "trigger", Trigger.parse, head := f"{where}: sequence", Trigger())
        return cls(
            _steps(fields["steps"], where, before=trigger.on == "appointment.booked"),
            name=reading.option(fields, "name", reading.text, head, ""),
            public_name=reading.option(fields, "public_name", reading.text, head, ""),
            trigger=trigger,
            topic=reading.option(fields, "topic", reading.text, head, "aftercare"),
            purpose=reading.option(fields, "purpose", reading.choice_of(PURPOSES), head, "care"),
            reenrolment=reading.option(
                fields, "reenrolment", reading.choice_of(REENROLMENTS), head, "restart"
            ),
            repeat_after=reading.option(fields, "repeat_after", reading.duration, head, None),
            exit_on=reading.option(fields, "exit_on", _texts, head, ("opted_out",)),
            ambiguous=reading.option(fields, "ambiguous", reading.choice_of(AMBIGUOUS), head, "resend"),
            priority=reading.option(fields, "priority", reading.choice_of(PRIORITY), head, "visit"),
        )

    def leaves_at_once(self, key: str) -> bool:
        """Whether this step goes out the moment that its run begins; what follows later does not, nor what
        this version does not know."""
        return any(step.key == key and step.wait.amount == 0 for step in self.steps)

    def missing(self) -> tuple[str, ...]:
        """The header keys without which the sequence cannot be published."""
        return tuple(key for key in ("name", "public_name") if not getattr(self, key))

    @property
    def priority_rank(self) -> int:
        """The priority as a number; smaller goes first."""
        return PRIORITY[self.priority]


def _steps(value: object, where: str, *, before: bool) -> tuple[Step, ...]:
    listed = reading.items(value, f"{where}: steps")
    if len(listed) > _MOST_STEPS:
        raise ContentError(f"{where}: steps: has {len(listed)} steps; write at most {_MOST_STEPS}")
    steps: list[Step] = []
    for number, item in enumerate(listed, start=1):
        step = Step.parse(item, f"{where}: step {number}", allow_negative=before)
        if any(step.key == other.key for other in steps):
            raise ContentError(
                f"{where}: step {number}: the key {step.key!r} is used twice; keys must differ"
            )
        steps.append(step)
    return tuple(steps)


def _weekdays(value: object, where: str) -> frozenset[int]:
    return frozenset(
        WEEKDAYS.index(reading.choice(day, where, WEEKDAYS)) for day in reading.items(value, where)
    )


def _conditions(value: object, where: str) -> tuple[Condition, ...]:
    listed = reading.items(value, where)
    return tuple(Condition.parse(item, f"{where}[{index}]") for index, item in enumerate(listed))


def _texts(value: object, where: str) -> tuple[str, ...]:
    return () if value == [] else tuple(reading.text(item, where) for item in reading.items(value, where))
