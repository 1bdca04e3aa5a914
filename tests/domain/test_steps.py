"""What a sequence.yaml may say, and how what it may not say is refused."""

from datetime import timedelta

import pytest

from aftercare.domain.steps import SequenceSpec, Step, Trigger
from aftercare.errors import ContentError
from aftercare.yamlfile import load

DESIGN_EXAMPLE = """
name: After your visit                               # staff side only
public_name: Emails after your visit
trigger: {on: session.logged, outcome: ordinary}
topic: aftercare
purpose: care
reenrolment: restart
repeat_after: 60d
exit_on: [opted_out]
ambiguous: resend
steps:
  - key: evening-plan
    wait: {hours: 3, else_at: "09:30"}
    every_visit: true
  - key: two-minutes-with-a-pen
    wait: {days: 1, at: 18:00}
    only_on: [mon, tue, wed, thu, fri, sat, sun]
    max_late: 24h
    only_if: [{fact: first_session, is: true}]
"""
WAIT = {"days": 1}


def test_the_design_s_example_is_understood() -> None:
    spec = SequenceSpec.parse(load(DESIGN_EXAMPLE))
    evening, pen = spec.steps
    assert (spec.name, spec.repeat_after, spec.priority) == ("After your visit", timedelta(days=60), "visit")
    assert spec.missing() == ()
    assert evening.every_visit
    assert (pen.max_late, pen.only_on) == (timedelta(hours=24), frozenset(range(7)))
    assert pen.only_if[0].matches({"first_session": True})


def test_a_header_can_be_left_out_until_publishing() -> None:
    spec = SequenceSpec.parse({"steps": [{"key": "a", "wait": WAIT}]})
    assert spec.missing() == ("name", "public_name")


@pytest.mark.parametrize(
    ("facts", "enrols"),
    [
        ({"outcome": "ordinary", "first_session": True}, True),
        ({"outcome": "strong_feelings", "first_session": True}, False),
        ({"first_session": True}, False),
    ],
)
def test_a_trigger_matches_its_conditions(facts: dict[str, object], enrols: bool) -> None:
    trigger = Trigger.parse({"on": "session.logged", "outcome": ["ordinary", "other"], "first_session": True})
    assert trigger.matches("session.logged", facts) is enrols
    assert not trigger.matches("appointment.booked", facts)


@pytest.mark.parametrize(
    ("condition", "facts", "matches"),
    [
        ({"fact": "visits", "is": 1}, {"visits": 1}, True),
        ({"fact": "visits", "is": 1}, {"visits": "1"}, True),
        ({"fact": "visits", "is": 1}, {"visits": True}, False),
        ({"fact": "first", "is": True}, {"first": "true"}, True),
        ({"fact": "first", "is": True}, {}, False),
        ({"fact": "first", "is_not": True}, {"first": False}, True),
        ({"fact": "first", "is_not": True}, {}, False),  # an unknown fact never matches
        ({"fact": "first", "is_not": True}, {"first": None}, False),
        ({"fact": "service", "in": ["a", "b"]}, {"service": "b"}, True),
        ({"fact": "service", "in": ["a", "b"]}, {"service": "c"}, False),
    ],
)
def test_conditions_compare_as_written(
    condition: dict[str, object], facts: dict[str, object], matches: bool
) -> None:
    step = Step.parse({"key": "a", "wait": WAIT, "only_if": [condition]})
    assert step.only_if[0].matches(facts) is matches


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"every_visits": True}, "did you mean 'every_visit'"),
        ({"every_visit": "yes"}, "every_visit: expected true or false"),
        ({"uncapped": 1}, "uncapped: expected true or false"),
        ({"max_late": "soon"}, "max_late: 'soon' is not a duration"),
        ({"max_late": 24}, "24h"),
        ({"max_late": "-1h"}, "not a duration"),
        ({"if_past": "later"}, "if_past: 'later' is not possible"),
        ({"window": "08:00-20:00"}, "window"),
        ({"only_on": []}, "at least one"),
        ({"only_on": ["monday"]}, "did you mean"),
        ({"only_on": "mon"}, "expected a list"),
        ({"only_if": {"fact": "a", "is": 1}}, "expected a list"),
        ({"only_if": [{"fact": "a"}]}, "exactly one of is, is_not, in"),
        ({"only_if": [{"is": 1}]}, "no 'fact'"),
        ({"only_if": [{"fact": "a", "is": []}]}, "expected text"),
        ({"only_if": [{"fact": "a", "in": "b"}]}, "expected a list"),
        ({"key": "../a"}, "letters, digits"),
        ({"key": 5}, "expected text"),
        ({"key": ""}, "empty"),
        ({"wait": {"days": -1}}, "negative"),
    ],
)
def test_a_step_that_cannot_be_meant_is_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(ContentError, match=says):
        SequenceSpec.parse({"steps": [{"key": "a", "wait": WAIT, **options}]}, "a.yaml")


@pytest.mark.parametrize(
    ("sequence", "says"),
    [
        (None, "found nothing"),
        ([], "found a list"),
        ("text", "found text"),
        ({}, "no steps"),
        ({"steps": []}, "empty list"),
        ({"steps": None}, "found nothing"),
        ({"steps": [None]}, "step 1: expected keys"),
        ({"steps": [{"key": "a"}]}, "no 'wait'"),
        ({"steps": [{"wait": WAIT}]}, "no 'key'"),
        ({"steps": [{"key": "a", "wait": WAIT}, {"key": "a", "wait": WAIT}]}, "used twice"),
        ({"steps": [{"key": f"s{n}", "wait": WAIT} for n in range(201)]}, "at most 200"),
        ({"steps": 1, True: "session.logged"}, "quotes"),
        ({"steps": 1, "triger": {}}, "did you mean 'trigger'"),
        ({"steps": 1, "trigger": "session.log"}, "did you mean 'session.logged'"),
        ({"steps": 1, "trigger": {"outcome": "ordinary"}}, "no 'on'"),
        ({"steps": 1, "trigger": {"on": "session.logged", "outcome": None}}, "found nothing"),
    ],
)
def test_a_sequence_that_cannot_be_meant_is_refused(sequence: object, says: str) -> None:
    with pytest.raises(ContentError, match=f"^a.yaml: .*{says}"):
        SequenceSpec.parse(sequence, "a.yaml")


@pytest.mark.parametrize(
    "key", ["purpose", "reenrolment", "ambiguous", "priority", "repeat_after", "exit_on", "name"]
)
def test_every_header_key_is_checked(key: str) -> None:
    with pytest.raises(ContentError, match=f"sequence.{key}: "):
        SequenceSpec.parse({"steps": [{"key": "a", "wait": WAIT}], key: 7})


def test_only_an_appointment_s_steps_may_come_before_it() -> None:
    spec = {"steps": [{"key": "a", "wait": {"days": -3}}], "trigger": {"on": "appointment.booked"}}
    assert SequenceSpec.parse(spec).steps[0].wait.amount == -3


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(hours=24)),
        ("60d", timedelta(days=60)),
        ("2w", timedelta(weeks=2)),
        ("0h", timedelta(0)),
    ],
)
def test_durations(text: str, meant: timedelta) -> None:
    assert Step.parse({"key": "a", "wait": WAIT, "max_late": text}).max_late == meant
