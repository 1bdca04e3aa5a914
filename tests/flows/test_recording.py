"""What the relay has accepted is written down, also by a database that comes back a moment later."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aftercare.flows import dispatch, recording
from tests.journeys.harness import Journey

NEVER = 10_000


class Away:
    """A database that fails so many transactions: none of the first `after`, then `times` of them. With
    `confirms=False` it does commit, and only the answer is lost."""

    def __init__(self, journey: Journey, *, after: int, times: int, confirms: bool = True) -> None:
        self.real = journey.app.transaction
        self.failing = range(after, after + times)
        self.confirms = confirms
        self.count = -1

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        self.count += 1
        error = OperationalError("COMMIT", None, Exception("the connection is lost"))
        if self.count in self.failing and self.confirms:
            raise error
        with self.real() as db:
            yield db
        if self.count in self.failing:
            raise error


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "AGAIN_AFTER_SECONDS", 0)


def due_email(journey: Journey) -> tuple[str, list[str]]:
    """Maya, and her claimed email."""
    maya = journey.add_client()
    journey.visit(maya)
    journey.sleep(hours=3)
    return maya, dispatch.claim(journey.app, "main", "fence")


@pytest.mark.parametrize("confirms", [True, False])
def test_a_database_that_is_away_after_the_relay_said_yes_is_waited_for(
    journey: Journey, monkeypatch: pytest.MonkeyPatch, confirms: bool
) -> None:
    maya, claimed = due_email(journey)
    away = Away(journey, after=1, times=3, confirms=confirms)
    monkeypatch.setattr(journey.app, "transaction", away.transaction)
    dispatch.send_claimed(journey.app, "main", "fence", claimed)
    monkeypatch.undo()
    assert away.count == 4
    assert journey.fates(maya)["evening-plan"] == "sent"
    [attempt] = journey.attempts(maya)
    assert (attempt.outcome, attempt.possible_duplicate) == ("accepted", False)
    journey.live(hours=1)
    assert len(journey.server.received) == 1


def test_a_database_that_does_not_come_back_is_given_up_and_the_email_is_in_doubt(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya, claimed = due_email(journey)
    settings = journey.app.settings
    monkeypatch.setattr(
        journey.app, "settings", settings.model_copy(update={"lease_seconds": 0.01, "reconcile_seconds": 0})
    )
    monkeypatch.setattr(journey.app, "transaction", Away(journey, after=1, times=NEVER).transaction)
    with pytest.raises(OperationalError):
        dispatch.send_claimed(journey.app, "main", "fence", claimed)
    monkeypatch.undo()
    journey.live(minutes=1)
    assert journey.fates(maya)["evening-plan"].startswith("unknown")
    journey.live(seconds=settings.lease_seconds + settings.reconcile_seconds)
    assert journey.fates(maya)["evening-plan"] == "sent"
    assert [attempt.possible_duplicate for attempt in journey.attempts(maya)] == [False, True]
