"""When a step goes out and to whom, as a sentence with gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aftercare.domain.conditions import Condition
from aftercare.domain.steps import WEEKDAYS
from aftercare.domain.waits import UNITS
from aftercare.errors import InvalidInput
from aftercare.flows.block_forms import Typed

ELAPSED = ("minutes", "hours")
UNIT_NAMES = tuple((unit, unit.replace("_", " ")) for unit in UNITS)
DAYS = tuple(zip(WEEKDAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
LATEST = (
    ("", "24 hours (as usual)"),
    ("3h", "3 hours"),
    ("12h", "12 hours"),
    ("48h", "2 days"),
    ("7d", "a week"),
)
VISITS = (
    ("", "to everybody"),
    ("first", "only after a first visit"),
    ("later", "only from the second visit on"),
)
_FIRST = "first_session"
_LONGEST_AMOUNT = 4
_LONGEST_DAYS = 732
_DAYS: Mapping[str, float] = {
    "minutes": 1 / 1440,
    "hours": 1 / 24,
    "days": 1,
    "working_days": 7 / 5,
    "weeks": 7,
    "months": 30.5,
    "years": 366,
}
"""About how long a unit is: enough to see that somebody typed a nought too many."""


@dataclass(frozen=True)
class WaitForm:
    """The gaps of the sentence; `late` is written as content files do, such as `24h`."""

    amount: str = "1"
    unit: str = "days"
    side: str = "after"
    at: str = "10:00"
    else_at: str = ""
    days: tuple[str, ...] = WEEKDAYS
    visits: str = ""
    every_visit: bool = False
    late: str = ""

    @property
    def latest(self) -> tuple[tuple[str, str], ...]:
        """What `late` can be chosen from; a duration that a file named stays among them."""
        if self.late in dict(LATEST):
            return LATEST
        return (*LATEST, (self.late, self.late))

    def wait(self) -> dict[str, Any]:
        """For `editing.set_wait`. InvalidInput where the amount is no number."""
        digits = self.amount.strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_AMOUNT):
            raise InvalidInput("wait", "write a whole number such as 3")
        if int(digits) * _DAYS.get(self.unit, 0) > _LONGEST_DAYS:
            raise InvalidInput("wait", "is longer than two years; choose a shorter time")
        amount = -int(digits) if self.side == "before" else int(digits)
        times = {"at": "" if self.unit in ELAPSED else self.at, "else_at": self.else_at}
        return {self.unit: amount, **{name: at for name, at in times.items() if at}}

    def options(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """For `editing.set_options`; conditions that this sentence has no gap for stay."""
        conditions = [one for one in raw.get("only_if", ()) if one.get("fact") != _FIRST]
        if self.visits:
            conditions.append({"fact": _FIRST, "is": self.visits == "first"})
        if not self.days:
            raise InvalidInput("days", "choose at least one day of the week")
        return {
            "only_on": list(self.days),
            "only_if": conditions,
            "every_visit": self.every_visit,
            "max_late": self.late or None,
        }


def outside(form: WaitForm, window: str) -> bool:
    """Whether the time that is asked for lies outside the clinic's window, so that it moves to another."""
    if not form.at or form.unit in ELAPSED:
        return False
    start, end = window.split("-")
    return not (start <= form.at < end if start < end else form.at >= start or form.at < end)


def of_step(raw: Mapping[str, Any]) -> WaitForm:
    """The sentence as a step says it now; `raw` is its rule as files write it."""
    wait = raw["wait"]
    unit = next(unit for unit in UNITS if unit in wait)
    return WaitForm(
        amount=str(abs(wait[unit])),
        unit=unit,
        side="before" if wait[unit] < 0 else "after",
        at=wait.get("at", ""),
        else_at=wait.get("else_at", ""),
        days=tuple(raw.get("only_on", WEEKDAYS)),
        visits=_visits(raw),
        every_visit=raw.get("every_visit", False),
        late=raw.get("max_late", ""),
    )


def next_after(form: WaitForm) -> WaitForm:
    """What is proposed for a step behind this one: a day later in the morning."""
    days = int(form.amount) if form.unit == "days" and form.amount.isdecimal() else 0
    return WaitForm(amount=str(days + 1))


def of_form(typed: Typed) -> WaitForm:
    """The sentence as somebody filled it in. A word that is not offered is none of ours to guess: the rules
    refuse it when they are read."""
    first = {name: values[0].strip() for name, values in typed.items() if values}
    return WaitForm(
        amount=first.get("amount", ""),
        unit=first.get("unit", "days"),
        side=first.get("side", "after"),
        at=first.get("at", ""),
        else_at=first.get("else_at", ""),
        days=tuple(typed.get("days", ())),
        visits=first.get("visits", ""),
        every_visit="every_visit" in first,
        late=first.get("late", ""),
    )


def _visits(raw: Mapping[str, Any]) -> str:
    conditions = [Condition.parse(one, "only_if") for one in raw.get("only_if", ())]
    for one in conditions:
        if one.fact == _FIRST and len(one.values) == 1:
            return "first" if ("true" in one.values) is not one.negated else "later"
    return ""
