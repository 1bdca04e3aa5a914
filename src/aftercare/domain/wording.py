"""Waits, conditions and triggers in the words of a person: for staff, in the present tense."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from types import MappingProxyType

from aftercare.domain.caps import EVERY_DAY
from aftercare.domain.conditions import Condition
from aftercare.domain.steps import Step, Trigger
from aftercare.domain.waits import Wait

_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ANCHORS: Mapping[str, str] = MappingProxyType(
    {
        "session.logged": "the visit",
        "appointment.booked": "the appointment",
        "sequence.finished": "the last email of the sequence before",
        "staff.created": "joining",
        "newsletter.issue": "the hour of the issue",
        "manual": "the start",
    }
)
_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "session.logged": "when a session is logged",
        "appointment.booked": "when an appointment is booked",
        "sequence.finished": "when another sequence has ended",
        "staff.created": "when somebody joins the staff",
        "newsletter.issue": "when an issue is scheduled",
        "manual": "when somebody starts it by hand",
    }
)
_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "ordinary": "when an ordinary session is logged",
        "strong_feelings": "when a session is logged in which strong feelings came up",
    }
)
_FACTS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("first_session", "true"): "on a first visit",
        ("first_session", "false"): "from the second visit on",
        ("outcome", "ordinary"): "after an ordinary session",
        ("outcome", "strong_feelings"): "after a session with strong feelings",
    }
)
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "minutes": "minute",
        "hours": "hour",
        "days": "day",
        "working_days": "working day",
        "weeks": "week",
        "months": "month",
        "years": "year",
    }
)
_ELAPSED = ("minutes", "hours")
_SPANS = (("week", timedelta(weeks=1)), ("day", timedelta(days=1)), ("hour", timedelta(hours=1)))


def wait_in_words(wait: Wait, trigger: Trigger | None = None, window: str = "sending hours") -> str:
    """`3 days after the visit, at 10:00 their time`. `window` names the hours in which mail goes out."""
    words = _distance(wait, _anchor(trigger))
    if wait.at is not None:
        words += f", at {wait.at:%H:%M} their time"
    elif wait.unit not in _ELAPSED and wait.amount:
        words += ", at the same time of day"
    if wait.else_at is not None:
        words += f"; if that is outside {window}, at {wait.else_at:%H:%M}"
    return words


def wait_briefly(wait: Wait, trigger: Trigger | None = None) -> str:
    """`3 days after the visit at 10:00`."""
    words = _distance(wait, _anchor(trigger))
    if wait.at is not None:
        words += f" at {wait.at:%H:%M}"
    return f"{words} (else at {wait.else_at:%H:%M})" if wait.else_at is not None else words


def conditions_in_words(step: Step) -> tuple[str, ...]:
    """Each option of a step as a phrase: `only on a first visit`, `only Mon-Fri`. None for a plain step."""
    said = [_condition(one) for one in step.only_if]
    if step.only_on != EVERY_DAY:
        said.append(f"only {days_in_words(step.only_on)}")
    if step.every_visit:
        said.append("sent again on every visit")
    if step.max_late is not None:
        said.append(f"left out when more than {span_in_words(step.max_late)} late")
    if step.if_past is not None:
        said.append({"send": "sent at once", "skip": "left out"}[step.if_past] + " when its moment is over")
    if step.window_any:
        said.append("at any hour")
    if step.uncapped:
        said.append("beside other emails of the day")
    return tuple(said)


def trigger_in_words(trigger: Trigger) -> str:
    """`when an ordinary session is logged`."""
    words, rest = _EVENTS[trigger.on], list(trigger.conditions)
    for condition in trigger.conditions:
        outcome = _OUTCOMES.get(next(iter(condition.values))) if len(condition.values) == 1 else None
        if trigger.on == "session.logged" and condition.fact == "outcome" and outcome:
            words = outcome
            rest.remove(condition)
    return ", ".join([words, *(_condition(one) for one in rest)])


def days_in_words(days: Collection[int]) -> str:
    """`Mon-Fri`, `Sat and Sun`; Monday is 0."""
    listed = sorted(days)
    if len(listed) > 2 and listed[-1] - listed[0] == len(listed) - 1:
        return f"{_DAY_NAMES[listed[0]]}-{_DAY_NAMES[listed[-1]]}"
    return _listed([_DAY_NAMES[day] for day in listed], "and")


def span_in_words(span: timedelta) -> str:
    """`24 hours`, `3 days`, `90 minutes`: in the largest unit that comes out even, days only from two on."""
    for unit, length in _SPANS:
        if span and not span % length and (unit == "hour" or span >= 2 * length):
            return _counted(span // length, unit)
    return _counted(span // timedelta(minutes=1), "minute")


def _anchor(trigger: Trigger | None) -> str:
    return _ANCHORS[trigger.on if trigger else "session.logged"]


def _distance(wait: Wait, anchor: str) -> str:
    if not wait.amount:
        return f"right after {anchor}" if wait.unit in _ELAPSED else f"on the day of {anchor}"
    side = "after" if wait.amount > 0 else "before"
    return f"{_counted(abs(wait.amount), _UNITS[wait.unit])} {side} {anchor}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _condition(condition: Condition) -> str:
    values = sorted(condition.values)
    known = _FACTS.get((condition.fact, values[0])) if len(values) == 1 else None
    if known:
        return f"not {known}" if condition.negated else f"only {known}"
    verb = "is not" if condition.negated else "is"
    return f"only where {condition.fact.replace('_', ' ')} {verb} {_listed(values, 'or')}"


def _listed(words: list[str], joint: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"
