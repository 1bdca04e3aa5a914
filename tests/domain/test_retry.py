"""Backoff after a transient refusal (P23)."""

import pytest

from aftercare.domain.retry import is_given_up, next_attempt

from .examples import hours, utc

NOW = utc("2026-05-01T10:00")


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 5), (2, 15), (3, 30), (4, 30), (100, 30)])
def test_pauses_grow_to_half_an_hour(attempts: int, minutes: int) -> None:
    assert (next_attempt(attempts, NOW) - NOW).total_seconds() == minutes * 60


def test_after_three_days_of_refusals_we_give_up() -> None:
    assert not is_given_up(NOW, NOW + hours(71.9))
    assert is_given_up(NOW, NOW + hours(72))
