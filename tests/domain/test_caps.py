"""Caps, gap and weekdays: the next allowed slot is the same local time on the next permitted local date."""

from datetime import time

import pytest

from aftercare.domain.caps import EVERY_DAY, NO_CAPS, PRIORITY, Caps, Taken, next_allowed
from aftercare.domain.windows import ALWAYS

from .examples import NEW_YORK, hours, utc

DEFAULT = Caps()


def slot(candidate: str, *taken: Taken, caps: Caps = DEFAULT, only_on: frozenset[int] = EVERY_DAY) -> str:
    at = utc(candidate).astimezone(NEW_YORK)
    found = next_allowed(
        utc(candidate),
        taken,
        run_key="run",
        zone=NEW_YORK,
        caps=caps,
        only_on=only_on,
        window=ALWAYS,
        wall_time=at.time(),
    )
    return found.strftime("%Y-%m-%dT%H:%M")


def other(at: str) -> Taken:
    return Taken("other", utc(at))


def own(at: str) -> Taken:
    return Taken("run", utc(at))


@pytest.mark.parametrize(
    ("candidate", "taken", "allowed"),
    [
        ("2026-05-04T14:00", [], "2026-05-04T14:00"),
        ("2026-05-04T14:00", [other("2026-05-04T23:00")], "2026-05-05T14:00"),  # the same date in New York
        ("2026-05-04T14:00", [other("2026-05-04T03:59")], "2026-05-04T14:00"),  # the evening before there
        ("2026-05-04T14:00", [other("2026-05-05T03:59")], "2026-05-05T14:00"),
        ("2026-03-07T15:00", [other("2026-03-07T20:00")], "2026-03-08T14:00"),  # 10:00 stays 10:00
        ("2026-05-04T14:00", [own("2026-05-04T02:00")], "2026-05-04T14:00"),  # exactly 12 hours
        ("2026-05-04T14:00", [own("2026-05-04T02:01")], "2026-05-05T14:00"),
        ("2026-05-04T14:00", [other("2026-05-04T02:01")], "2026-05-04T14:00"),  # gaps are kept within a run
    ],
)
def test_a_taken_day_moves_the_mail_to_the_next(candidate: str, taken: list[Taken], allowed: str) -> None:
    assert slot(candidate, *taken) == allowed


def test_any_seven_days_hold_at_most_four() -> None:
    taken = [other(f"2026-05-{day:02}T14:00") for day in (1, 2, 3, 4)]
    assert slot("2026-05-07T14:00", *taken) == "2026-05-08T14:00"
    assert slot("2026-05-08T14:00", *taken) == "2026-05-08T14:00"


def test_the_seven_days_may_lie_around_the_mail() -> None:
    taken = [other(f"2026-05-{day:02}T14:00") for day in (1, 2, 6, 7)]
    assert slot("2026-05-04T14:00", *taken) == "2026-05-08T14:00"


def test_what_does_not_count_takes_no_room() -> None:
    uncounted = Taken("run", utc("2026-05-04T13:00"), counted=False)
    assert slot("2026-05-04T14:00", uncounted) == "2026-05-04T14:00"


def test_without_caps_only_weekdays_move_a_mail() -> None:
    monday = "2026-05-04T14:00"
    assert slot(monday, own(monday), caps=NO_CAPS) == monday
    assert slot(monday, own(monday), caps=NO_CAPS, only_on=frozenset({1, 3})) == "2026-05-05T14:00"


def test_the_search_ends_past_the_latest_useful_instant() -> None:
    found = next_allowed(
        utc("2026-05-04T14:00"),
        [Taken("run", utc("3026-01-01T00:00"))],
        run_key="run",
        zone=NEW_YORK,
        caps=Caps(),
        only_on=EVERY_DAY,
        window=ALWAYS,
        wall_time=time(10),
        latest=utc("2026-05-06T00:00"),
    )
    assert found - utc("2026-05-06T00:00") == hours(14)


def test_the_order_of_urgency() -> None:
    assert sorted(PRIORITY, key=lambda name: PRIORITY[name]) == [
        "support",
        "tender",
        "appointment",
        "visit",
        "touch",
        "news",
    ]
