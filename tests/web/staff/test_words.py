"""Dates as staff read them: short where the year goes without saying."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aftercare.testing.inline import pass_time
from aftercare.web.staff import words
from tests.factories import World
from tests.web.staff.colleague import colleague

NEW_YEARS_EVE = datetime(2026, 12, 31, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "said"),
    [
        ("2026-11-23T14:00:00Z", "Europe/London", "Mon 23 Nov, 14:00"),
        ("2025-11-07T14:00:00Z", "Europe/London", "Fri 7 Nov 2025, 14:00"),
        ("2027-01-01T09:00:00Z", "Europe/London", "Fri 1 Jan 2027, 09:00"),
        # It is 2027 in Auckland already, so there the old year is the one to be named.
        ("2026-12-31T12:30:00Z", "Pacific/Auckland", "Fri 1 Jan, 01:30"),
        ("2026-12-31T09:00:00Z", "Pacific/Auckland", "Thu 31 Dec 2026, 22:00"),
    ],
)
def test_a_moment_of_another_year_says_so(instant: str, zone: str, said: str) -> None:
    assert words.when(datetime.fromisoformat(instant), zone, NEW_YEARS_EVE) == said


def test_days_are_named_alike() -> None:
    assert words.day(date(2025, 3, 1), NEW_YEARS_EVE) == "Sat 1 Mar 2025"
    assert words.soon(NEW_YEARS_EVE + timedelta(days=1), "UTC", NEW_YEARS_EVE) == "tomorrow, 13:30"
    assert words.soon(NEW_YEARS_EVE + timedelta(days=2), "UTC", NEW_YEARS_EVE) == "Sat 2 Jan 2027, 13:30"


@pytest.mark.parametrize(
    ("seconds", "said"), [(-5, "now"), (0, "now"), (60, "in a minute"), (61, "today, 13:31")]
)
def test_what_goes_out_at_once_is_not_given_a_clock_time(seconds: int, said: str) -> None:
    assert words.leaving(NEW_YEARS_EVE + timedelta(seconds=seconds), "UTC", NEW_YEARS_EVE) == said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_know_what_year_it_is(world: World, maya: str) -> None:
    pass_time(world.app, world.app.clock.now() + timedelta(hours=4))
    assert "Mon 23 Nov, 17:00" in colleague(world).get("/inbox").text
    pass_time(world.app, NEW_YEARS_EVE + timedelta(days=2))
    owner = colleague(world)
    for path in ("/inbox", f"/clients/{maya}"):
        assert "Mon 23 Nov 2026, 17:00" in owner.get(path).text, path
    assert "Mon 23 Nov 2026" in owner.get("/clients").text
