"""Races of a stop against a send (P7): no email starts after its stop is committed."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic

import pytest
from sqlalchemy import select

from aftercare.config import Settings
from aftercare.flows import consent, dispatch
from aftercare.models import Message
from tests.flows.crowd import add_crowd
from tests.journeys.harness import Journey

BATCH = 16
STOPPERS = 3
"""At once, so that of each batch some stops come before the send, some during and some after it."""

AT_LEAST_BETWEEN = 1 / 5
"""Of all stops: a quarter of each batch is arranged so."""


@dataclass
class Stop:
    """One opt-out: when its commit returned, and how the row stood inside its transaction."""

    message: str
    committed: float
    came_first: bool


@dataclass
class Race:
    """Who stops, who sends, and what was seen."""

    journey: Journey
    crowd: dict[str, str]
    started: dict[str, float] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)

    def stop(self, message: str) -> Stop:
        """Say stop in a transaction of its own. The client's lock orders it against the send, so the state
        that it then sees is a proof of who came first."""
        app, client = self.journey.app, self.crowd[message]
        with app.transaction() as db:
            consent.opt_out(db, client, "aftercare", source="page", now=self.journey.now)
            state = db.scalar(select(Message.state).where(Message.id == message))
        return Stop(message, monotonic(), came_first=state == "cancelled")

    def send(self, fence: str, batch: list[str]) -> None:
        """Decide, transmit and record, noting when that began."""
        self.started |= dict.fromkeys(batch, monotonic())
        dispatch.send_claimed(self.journey.app, "main", fence, batch)


def _run(race: Race, pool: ThreadPoolExecutor) -> None:
    """Of each claimed batch a quarter says stop before the send begins, the others while it goes on."""
    number = 0
    while batch := dispatch.claim(race.journey.app, "main", f"fence{number}"):
        quarter = len(batch) // 4
        race.stops += [race.stop(message) for message in batch[:quarter]]
        running = [pool.submit(race.stop, message) for message in batch[quarter:]]
        race.send(f"fence{number}", batch)
        race.stops += [stop.result() for stop in running]
        number += 1


@pytest.mark.parametrize("races", [100, pytest.param(1000, marks=pytest.mark.chaos)])
def test_of_many_stops_none_is_followed_by_an_email(journey: Journey, races: int) -> None:
    race = Race(journey, add_crowd(journey, races))
    app = journey.app
    app.settings = Settings(**app.settings.model_dump() | {"batch_size": BATCH, "wire_limit": BATCH})
    journey.sleep(hours=3)
    with ThreadPoolExecutor(STOPPERS) as pool:
        _run(race, pool)
    arrived = {message.message_id for message in journey.server.received}
    with app.reading() as db:
        rows = db.execute(select(Message.id, Message.mime_message_id))
        transmitted = {row.id for row in rows if row.mime_message_id in arrived}
    first = [stop for stop in race.stops if stop.came_first]
    sys.stdout.write(f"stops between claim and transmission: {len(first)} of {len(race.stops)}\n")
    assert len(race.stops) == races
    assert len(first) >= races * AT_LEAST_BETWEEN
    assert [stop.message for stop in first if stop.message in transmitted] == []
    late = [stop for stop in race.stops if stop.committed < race.started[stop.message]]
    assert [stop.message for stop in late if stop.message in transmitted] == []
    assert len(transmitted) == races - len(first)
