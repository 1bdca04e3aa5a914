"""The wait grammar: what may be written, and when it is due."""

import pytest

from aftercare.domain.localtime import parse_instant
from aftercare.domain.waits import Wait
from aftercare.domain.windows import ALWAYS, Window
from aftercare.errors import ContentError, InvalidInput

from .examples import LONDON, NEW_YORK, anchor, utc

DAYTIME = Window.parse("08:00-20:00")


@pytest.mark.parametrize(
    ("wait", "ended", "due"),
    [
        ({"minutes": 90}, "2026-05-01T14:00", "2026-05-01T15:30"),
        ({"hours": 24}, "2026-03-28T18:00", "2026-03-29T19:00"),  # elapsed: the wall clock jumps
        ({"days": 1, "at": "09:00"}, "2026-03-28T18:00", "2026-03-29T09:00"),
        ({"days": 1}, "2026-03-28T18:10", "2026-03-29T18:10"),
        ({"days": 1, "at": "01:30"}, "2026-03-28T18:00", "2026-03-29T02:30"),  # skipped: later wall time
        ({"weeks": 2, "at": "10:00"}, "2026-03-20T18:00", "2026-04-03T10:00"),
        ({"months": 1}, "2027-01-31T12:00", "2027-02-28T12:00"),
        ({"months": 1}, "2028-01-31T12:00", "2028-02-29T12:00"),
        ({"months": 13}, "2027-01-31T12:00", "2028-02-29T12:00"),
        ({"months": 11}, "2027-01-15T12:00", "2027-12-15T12:00"),
        ({"years": 1}, "2028-02-29T12:00", "2029-02-28T12:00"),
        ({"years": 4}, "2028-02-29T12:00", "2032-02-29T12:00"),
        ({"days": 30}, "2027-01-31T12:00", "2027-03-02T12:00"),
        ({"working_days": 1}, "2026-05-01T12:00", "2026-05-04T12:00"),  # from a Friday
        ({"working_days": 1}, "2026-05-02T12:00", "2026-05-04T12:00"),  # from a Saturday
        ({"working_days": 0}, "2026-05-03T12:00", "2026-05-04T12:00"),  # from a Sunday
        ({"working_days": 5}, "2026-05-06T12:00", "2026-05-13T12:00"),
        ({"working_days": 8}, "2026-05-07T12:00", "2026-05-19T12:00"),
        ({"working_days": -1}, "2026-05-04T12:00", "2026-05-01T12:00"),
        ({"days": -3, "at": "10:00"}, "2026-05-04T15:00", "2026-05-01T10:00"),
        ({"months": -1}, "2026-03-31T12:00", "2026-02-28T12:00"),
    ],
)
def test_a_wait_is_counted_from_the_anchor(wait: dict[str, object], ended: str, due: str) -> None:
    found = Wait.parse(wait, allow_negative=True).due(anchor(ended), LONDON, ALWAYS)
    assert found == parse_instant(due, LONDON)


@pytest.mark.parametrize(
    ("wait", "ended", "due"),
    [
        ({"hours": 3}, "2026-05-01T18:30", "2026-05-02T08:00"),
        ({"hours": 3, "else_at": "09:30"}, "2026-05-01T16:59", "2026-05-01T19:59"),
        ({"hours": 3, "else_at": "09:30"}, "2026-05-01T17:00", "2026-05-02T09:30"),
        ({"hours": 3, "else_at": "09:30"}, "2026-05-01T23:00", "2026-05-02T09:30"),
        ({"hours": 3, "else_at": "21:00"}, "2026-05-01T17:30", "2026-05-02T08:00"),  # the window is last
        ({"days": 1, "at": "07:00", "else_at": "12:00"}, "2026-05-01T17:30", "2026-05-02T12:00"),
    ],
)
def test_the_window_is_applied_last(wait: dict[str, object], ended: str, due: str) -> None:
    found = Wait.parse(wait).due(anchor(ended), LONDON, DAYTIME)
    assert found == parse_instant(due, LONDON)


def test_a_client_who_moved_keeps_date_and_wall_time_but_not_hours() -> None:
    ended = anchor("2026-05-01T18:00")
    assert Wait.parse({"days": 2, "at": "09:00"}).due(ended, NEW_YORK, DAYTIME) == utc("2026-05-03T13:00")
    assert Wait.parse({"days": 2}).due(ended, NEW_YORK, DAYTIME) == utc("2026-05-03T22:00")
    assert Wait.parse({"hours": 24}).due(ended, NEW_YORK, DAYTIME) == utc("2026-05-02T17:00")


def test_an_anchor_in_the_second_repeated_hour_still_means_the_first_on_its_wall() -> None:
    ended = anchor("2026-10-25T01:30+00:00")
    assert Wait.parse({"days": 7}).due(ended, LONDON, ALWAYS) == utc("2026-11-01T01:30")


@pytest.mark.parametrize(
    ("wait", "says"),
    [
        ({}, "exactly one"),
        ({"at": "09:00"}, "exactly one"),
        ({"days": 1, "hours": 2}, "exactly one"),
        ({"day": 1}, "did you mean 'days'"),
        ({"days": "1"}, "whole number"),
        ({"days": 1.5}, "whole number"),
        ({"days": True}, "whole number"),
        ({"days": None}, "whole number"),
        ({"days": -1}, "negative"),
        ({"days": 10**30}, "too large"),
        ({"days": 1, "at": "24:00"}, "HH:MM"),
        ({"days": 1, "at": 1080}, "expected text"),
        ({"hours": 1, "at": "18:00"}, "elapsed"),
        ({"hours": 1, "else_at": "9"}, "HH:MM"),
        ("3h", "keys and values"),
        (None, "nothing"),
        ({1: 2}, "quotes"),
    ],
)
def test_a_wait_that_cannot_be_meant_is_refused(wait: object, says: str) -> None:
    with pytest.raises(ContentError, match=f"^step 1.wait.*{says}"):
        Wait.parse(wait, "step 1.wait")


@pytest.mark.parametrize("unit", ["minutes", "hours", "days", "working_days", "weeks", "months", "years"])
def test_a_wait_that_leaves_the_calendar_is_refused(unit: str) -> None:
    with pytest.raises(InvalidInput, match="9999"):
        Wait.parse({unit: 10_000_000}).due(anchor("9990-05-01T18:00"), LONDON, ALWAYS)
