"""Zones, wall clocks and instants: R2, R3, and what may be written."""

from datetime import datetime, time

import pytest

from aftercare.domain.localtime import Anchor, parse_instant, parse_time_of_day, parse_zone, to_utc
from aftercare.errors import InvalidInput

from .examples import KATHMANDU, LONDON, NEW_YORK, utc

JANUARY = datetime.fromisoformat("2026-01-01")


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Mars/Phobos",
        "Europe",
        "europe/london",
        "../etc/passwd",
        "/etc/localtime",
        "Europe/../UTC",
        "UTC\x00",
        "localtime",
        "posixrules",
        "posix/Europe/London",
        "right/UTC",
        "zone.tab",
        "tzdata.zi",
        "a" * 5000,
        "é",
        ".",
    ],
)
def test_what_is_not_a_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="timezone"):
        parse_zone(name)


def test_an_old_name_is_accepted_and_normalised() -> None:
    assert parse_zone("US/Eastern").utcoffset(JANUARY) == NEW_YORK.utcoffset(JANUARY)
    assert parse_zone("US/Eastern", {"US/Eastern": "America/New_York"}).key == "America/New_York"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-28T18:00", "2026-03-28T18:00Z"),
        ("2026-07-01 18:00", "2026-07-01T17:00Z"),
        ("2026-07-01T18:00Z", "2026-07-01T18:00Z"),
        ("2026-07-01T18:00+05:45", "2026-07-01T12:15Z"),
        ("2026-07-01T18:00-0400", "2026-07-01T22:00Z"),
        ("2026-12-31T23:59:60", "2026-12-31T23:59:59Z"),
        ("2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z"),
        ("2026-03-29T01:30", "2026-03-29T01:30Z"),  # skipped: the offset before the gap
        ("2026-10-25T01:30", "2026-10-25T00:30Z"),  # shown twice: the first
        ("2087-07-01T12:00", "2087-07-01T11:00Z"),  # beyond the rules' table
    ],
)
def test_an_instant_is_read_in_its_zone(text: str, instant: str) -> None:
    assert parse_instant(text, LONDON) == utc(instant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-28",
        "18:00",
        "2026-03-28T24:00",
        "2026-03-28T18:60",
        "2026-03-28T18:00:61",
        "2026-02-29T10:00",
        "2026-13-01T10:00",
        "2026-W13-6T18:00",
        "tomorrow",
        "2026-03-28T18",
        "2026-03-28T18:00+25:00",
        "٢٠٢٦-03-28T18:00",
        "0000-01-01T00:00",
        "10000-01-01T00:00",
        "9999-12-31T23:59-05:00",
        "0001-01-01T00:00+14:00",
    ],
)
def test_what_is_not_an_instant_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="--anchor"):
        parse_instant(text, LONDON, "--anchor")


def test_a_reading_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidInput, match="9999"):
        to_utc(datetime.fromisoformat("9999-12-31T20:00"), NEW_YORK)
    with pytest.raises(InvalidInput, match="9999"):
        Anchor.at(utc("9999-12-31T20:00"), KATHMANDU)


def test_a_time_of_day_has_two_digits_each() -> None:
    assert parse_time_of_day("09:30") == time(9, 30)


@pytest.mark.parametrize(
    "text", ["24:00", "9:30", "09:30:00", "09.30", "0930", "", "-1:00", "12:60", "٠٩:٣٠"]
)
def test_what_is_not_a_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="HH:MM"):
        parse_time_of_day(text)
