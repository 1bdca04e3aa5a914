"""Send windows (R4): half-open, across midnight, and on nights when clocks change."""

import pytest

from aftercare.domain.localtime import parse_instant
from aftercare.domain.windows import ALWAYS, Window
from aftercare.errors import InvalidInput

from .examples import LONDON, NEW_YORK, utc


@pytest.mark.parametrize(
    ("window", "local", "opens"),
    [
        ("08:00-20:00", "2026-05-01T08:00", "2026-05-01T08:00"),
        ("08:00-20:00", "2026-05-01T19:59:59", "2026-05-01T19:59:59"),
        ("08:00-20:00", "2026-05-01T20:00", "2026-05-02T08:00"),
        ("08:00-20:00", "2026-05-01T07:59", "2026-05-01T08:00"),
        ("18:00-02:00", "2026-05-01T03:00", "2026-05-01T18:00"),
        ("18:00-02:00", "2026-05-01T01:00", "2026-05-01T01:00"),
        ("18:00-02:00", "2026-05-01T02:00", "2026-05-01T18:00"),
        ("08:00-24:00", "2026-05-01T23:59", "2026-05-01T23:59"),
        ("08:00-24:00", "2026-05-01T00:00", "2026-05-01T08:00"),
        ("00:00-08:00", "2026-05-01T08:00", "2026-05-02T00:00"),
        ("00:00-24:00", "2026-05-01T03:00", "2026-05-01T03:00"),
        ("01:30-06:00", "2026-03-29T00:30", "2026-03-29T02:30"),  # opens at a time that is skipped
        ("01:15-01:45", "2026-03-29T00:30", "2026-03-30T01:15"),  # is skipped altogether
        ("01:30-06:00", "2026-10-25T00:30", "2026-10-25T01:30"),
    ],
)
def test_the_next_opening(window: str, local: str, opens: str) -> None:
    found = Window.parse(window).next_open(parse_instant(local, LONDON), LONDON)
    assert found == parse_instant(opens, LONDON)


def test_the_repeated_hour_opens_the_first_time() -> None:
    opens = Window.parse("01:30-06:00").next_open(utc("2026-11-01T04:00"), NEW_YORK)
    assert opens == utc("2026-11-01T05:30")


def test_midnight_to_midnight_is_always() -> None:
    assert Window.parse("00:00-24:00") == ALWAYS


@pytest.mark.parametrize(
    "text", ["", "8-20", "08:00", "08:00-08:00", "00:00-00:00", "24:00-08:00", "08:00-25:00", "a-b"]
)
def test_what_is_not_a_window_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="--window"):
        Window.parse(text, "--window")


def test_an_opening_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidInput, match="9999"):
        Window.parse("08:00-20:00").next_open(utc("9999-12-31T21:00"), LONDON)
