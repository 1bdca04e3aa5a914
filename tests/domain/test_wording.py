"""Rules in the words of a person."""

from typing import Any

import pytest

from aftercare.domain.steps import Step, Trigger
from aftercare.domain.waits import Wait
from aftercare.domain.wording import (
    conditions_in_words,
    trigger_in_words,
    wait_briefly,
    wait_in_words,
)

VISIT = Trigger("session.logged")
BOOKED = Trigger("appointment.booked")


@pytest.mark.parametrize(
    ("wait", "trigger", "words", "briefly"),
    [
        (
            {"days": 3, "at": "10:00"},
            VISIT,
            "3 days after the visit, at 10:00 their time",
            "3 days after the visit at 10:00",
        ),
        (
            {"hours": 3, "else_at": "09:30"},
            VISIT,
            "3 hours after the visit; if that is outside 08:00-20:00, at 09:30",
            "3 hours after the visit (else at 09:30)",
        ),
        (
            {"days": 1},
            VISIT,
            "1 day after the visit, at the same time of day",
            "1 day after the visit",
        ),
        (
            {"days": 0, "at": "18:00"},
            VISIT,
            "on the day of the visit, at 18:00 their time",
            "on the day of the visit at 18:00",
        ),
        ({"minutes": 0}, VISIT, "right after the visit", "right after the visit"),
        (
            {"working_days": -2, "at": "09:00"},
            BOOKED,
            "2 working days before the appointment, at 09:00 their time",
            "2 working days before the appointment at 09:00",
        ),
    ],
)
def test_a_wait_reads_like_a_sentence(
    wait: dict[str, Any], trigger: Trigger, words: str, briefly: str
) -> None:
    parsed = Wait.parse(wait, allow_negative=True)
    assert wait_in_words(parsed, trigger, "08:00-20:00") == words
    assert wait_briefly(parsed, trigger) == briefly


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ()),
        ({"only_if": [{"fact": "first_session", "is": True}]}, ("only on a first visit",)),
        ({"only_if": [{"fact": "first_session", "is_not": True}]}, ("not on a first visit",)),
        (
            {"only_if": [{"fact": "service", "in": ["massage", "reiki"]}]},
            ("only where service is massage or reiki",),
        ),
        ({"only_on": ["mon", "tue", "wed", "thu", "fri"]}, ("only Mon-Fri",)),
        ({"only_on": ["sun", "sat"]}, ("only Sat and Sun",)),
        ({"only_on": ["mon", "wed", "fri"]}, ("only Mon, Wed and Fri",)),
        (
            {"every_visit": True, "max_late": "24h"},
            ("sent again on every visit", "left out when more than 24 hours late"),
        ),
        ({"max_late": "3d"}, ("left out when more than 3 days late",)),
        ({"max_late": "90m"}, ("left out when more than 90 minutes late",)),
        ({"window": "any", "uncapped": True}, ("at any hour", "beside other emails of the day")),
        ({"if_past": "skip"}, ("left out when its moment is over",)),
    ],
)
def test_each_option_is_a_phrase(options: dict[str, Any], words: tuple[str, ...]) -> None:
    step = Step.parse({"key": "walk", "wait": {"days": 1}, **options})
    assert conditions_in_words(step) == words


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ({"on": "session.logged", "outcome": "ordinary"}, "when an ordinary session is logged"),
        (
            {"on": "session.logged", "outcome": "strong_feelings", "first_session": True},
            "when a session is logged in which strong feelings came up, only on a first visit",
        ),
        (
            {"on": "session.logged", "outcome": ["ordinary", "strong_feelings"]},
            "when a session is logged, only where outcome is ordinary or strong_feelings",
        ),
        ("manual", "when somebody starts it by hand"),
    ],
)
def test_a_trigger_says_when(trigger: Any, words: str) -> None:
    assert trigger_in_words(Trigger.parse(trigger)) == words
