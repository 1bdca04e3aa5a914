"""An issue of a newsletter through kills, a pause and real processes."""

import random

import pytest
from bench import newsletters
from bench.ground import open_ground

from aftercare.testing.servers import PostgresServer


@pytest.mark.parametrize(
    "readers",
    [
        pytest.param(300, marks=pytest.mark.timeout(400)),
        pytest.param(5000, marks=[pytest.mark.chaos, pytest.mark.timeout(1500)]),
    ],
)
def test_an_issue_paused_resumed_and_hit_by_kills_reaches_every_reader_once(
    postgres_server: PostgresServer, readers: int
) -> None:
    with open_ground(newsletters.PACE, postgres=postgres_server) as ground:
        newsletters.start(ground)
        found = newsletters.run(ground, readers, random.Random(7))
    assert newsletters.broken(found, readers) == [], found
