"""The client sequences keep the times of content section 2 and the order of section 3."""

from typing import Any

import pytest
from content_shelf import sequence

MIDWEEK = ["tue", "wed", "thu"]
TIMES: dict[str, list[dict[str, Any]]] = {
    "before-your-visit": [{"days": -3, "at": "10:00"}, {"days": -1, "at": "17:00"}],
    "after-your-visit": [
        {"hours": 3, "else_at": "09:30"},
        {"days": 1, "at": "18:00"},
        {"days": 3, "at": "10:00"},
        {"days": 6, "at": "18:00"},
        {"days": 10, "at": "10:00"},
    ],
    "after-a-tender-visit": [
        {"hours": 2, "else_at": "09:00"},
        {"days": 1, "at": "10:00"},
        {"days": 2, "at": "18:00"},
        {"days": 4, "at": "10:00"},
        {"days": 7, "at": "10:00"},
        {"days": 14, "at": "18:00"},
    ],
    "staying-in-touch": [{"days": days, "at": "10:00"} for days in (21, 42, 63, 84, 105)],
    "extra-support": [{"minutes": 0}, {"days": 2, "at": "10:00"}],
}
PRIORITIES = {
    "before-your-visit": "appointment",
    "after-your-visit": "visit",
    "after-a-tender-visit": "tender",
    "staying-in-touch": "touch",
    "extra-support": "support",
}


@pytest.mark.parametrize("slug", TIMES)
def test_a_sequence_waits_as_its_table_says(slug: str) -> None:
    assert [step["wait"] for step in sequence(slug)["steps"]] == TIMES[slug]


@pytest.mark.parametrize("slug", PRIORITIES)
def test_who_gives_way_is_said_by_every_sequence(slug: str) -> None:
    assert sequence(slug)["priority"] == PRIORITIES[slug]


def test_what_counts_in_no_cap_is_what_belongs_to_an_appointment_or_was_asked_for() -> None:
    free = {step["key"] for slug in TIMES for step in sequence(slug)["steps"] if step.get("uncapped")}
    assert free == {"what-to-expect", "small-things-for-tomorrow", "contacts-you-asked-for"}


def test_only_the_contacts_that_somebody_asked_for_go_out_at_night() -> None:
    at_any_hour = {step["key"] for slug in TIMES for step in sequence(slug)["steps"] if "window" in step}
    assert at_any_hour == {"contacts-you-asked-for"}


def test_an_email_that_says_tomorrow_is_gone_by_midnight() -> None:
    """Planned for 17:00, within sending hours that end at 20:00."""
    [step] = [step for step in sequence("before-your-visit")["steps"] if "tomorrow" in step["key"]]
    assert (step["max_late"], step["if_past"]) == ("3h", "skip")


def test_staying_in_touch_comes_midweek_and_under_a_topic_of_its_own() -> None:
    touch = sequence("staying-in-touch")
    assert [step["only_on"] for step in touch["steps"]] == [MIDWEEK] * 5
    assert touch["topic"] == "staying-in-touch"
    assert touch["trigger"] == {
        "on": "sequence.finished",
        "sequence": ["after-your-visit", "after-a-tender-visit"],
    }


def test_nobody_is_followed_up_as_promised_who_has_not_been_spoken_with() -> None:
    later = sequence("extra-support")["steps"][1]
    assert later["only_if"] == [{"fact": "spoken_with_client", "is": True}]
