"""Guessers wait; whoever mistypes does not, and neither does the office around her."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError
from typing import Literal

import pytest
from argon2 import PasswordHasher

from aftercare.flows import clinics, logins, passwords
from aftercare.flows.logins import Attempt, TooManyMisses
from aftercare.testing.inline import InlineApp
from tests.journeys.harness import MONDAY_14, Journey

HOUR = timedelta(hours=1)
RUTH = Attempt(account="ruth", peer="office")


def attempt(app: InlineApp, who: Attempt, at: datetime = MONDAY_14) -> bool:
    """Whether a password is looked at."""
    try:
        with app.transaction() as db:
            logins.begin_try(db, who, unshifted=at)
    except TooManyMisses:
        return False
    return True


def somebody(number: int) -> Attempt:
    return Attempt(account=f"somebody-{number}", peer="office")


def sign_in(journey: Journey, who: Attempt, at: datetime = MONDAY_14) -> bool:
    """A try with the right password."""
    if not attempt(journey.app, who, at):
        return False
    with journey.app.transaction() as db:
        member = clinics.add_staff(
            db,
            journey.clinic_id,
            first_name="R",
            email=f"r-{at.timestamp()}@example.com",
            role="viewer",
            by="t",
            now=at,
        )
        logins.sign_in(db, member, who, unshifted=at)
    return True


def test_each_wait_is_twice_as_long_up_to_a_minute(journey: Journey) -> None:
    at, waits = MONDAY_14, []
    for number in range(14):
        wait = 0
        while not attempt(journey.app, Attempt("ruth", f"peer-{number}"), at + timedelta(seconds=wait)):
            wait = max(1, wait * 2) if wait < 32 else 60
        waits.append(wait)
        at += timedelta(seconds=wait)
    assert waits == [0] * 5 + [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_guessers_in_parallel_get_no_more_tries_than_one_after_the_other(journey: Journey) -> None:
    with ThreadPoolExecutor(24) as pool:
        looked_at = list(pool.map(lambda _: attempt(journey.app, RUTH), range(24)))
    assert sum(looked_at) == 5


def test_who_tries_many_addresses_has_to_wait_as_well(journey: Journey) -> None:
    assert [attempt(journey.app, somebody(number)) for number in range(16)] == [True] * 15 + [False]


def test_typos_before_the_right_password_lock_nobody_out_of_a_shared_office(journey: Journey) -> None:
    for number in range(17):
        at = MONDAY_14 + timedelta(minutes=number)
        assert attempt(journey.app, RUTH, at)
        assert sign_in(journey, RUTH, at)


def test_a_mistyped_address_is_forgotten_after_a_quiet_hour(journey: Journey) -> None:
    for number in range(16):
        assert attempt(journey.app, somebody(number), MONDAY_14 + number * HOUR)
    assert attempt(journey.app, somebody(99), MONDAY_14 + 15 * HOUR)


def test_ones_own_password_forgives_nobody_elses_guesses(journey: Journey) -> None:
    for number in range(14):
        attempt(journey.app, somebody(number))
    assert sign_in(journey, RUTH)
    assert [attempt(journey.app, somebody(number)) for number in (20, 21)] == [True, False]


def test_only_a_few_passwords_are_compared_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = Crowd()
    monkeypatch.setattr(passwords, "_hasher", crowd)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: passwords.whose((), "three warm blankets"), range(8)))
    assert not crowd.met


class Crowd(PasswordHasher):
    """Compares only when one more than allowed is there; gives up waiting for that soon."""

    def __init__(self) -> None:
        super().__init__()
        self.barrier, self.met = Barrier(passwords.AT_ONCE + 1, timeout=0.2), False

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: ARG002 - the library's
        """Everything fits."""
        try:
            self.barrier.wait()
            self.met = True
        except BrokenBarrierError:
            pass
        return True
