"""How the first email of a run says what will come."""

from datetime import UTC, datetime, timedelta

import pytest

from aftercare.domain import run_size
from tests.domain.examples import sequence

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("emails", "days", "form"),
    [
        (1, 1, "none"),
        (1, 9, "none"),
        (2, 1, "short"),
        (2, 2, "days"),
        (5, 28, "days"),
        (5, 29, "weeks"),
        (5, 84, "weeks"),
    ],
)
def test_a_run_is_described_in_the_largest_unit_that_people_count_in(
    emails: int, days: int, form: str
) -> None:
    assert run_size.form(emails, days) == form


def test_84_days_are_12_weeks() -> None:
    assert run_size.values(5, 84)["run.weeks"] == "12"


@pytest.mark.parametrize(("hours", "days"), [([0], 1), ([], 1), ([0, 5], 1), ([0, 24], 1), ([55, 0], 3)])
def test_days_are_counted_from_first_to_last_and_rounded_up(hours: list[int], days: int) -> None:
    assert run_size.days_over([NOON + timedelta(hours=hour) for hour in hours]) == days


def test_emails_before_a_visit_count_their_days_too() -> None:
    waits = ({"days": -3, "at": "10:00"}, {"days": -1, "at": "17:00"})
    spec = sequence(*waits, on="appointment.booked")
    assert run_size.ordinary(spec) == (2, 3)
