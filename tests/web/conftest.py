"""One clinic with Maya, who has a running sequence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.factories import World, make_world
from tests.web.visitor import Program, Visitor, program_of

MONDAY_14 = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> World:
    """The clinic, on a Monday afternoon."""
    return make_world(database_url, tmp_path, MONDAY_14)


@pytest.fixture
def maya(world: World) -> str:
    """The id of a client whose session was just logged and planned; she also gets the newsletter."""
    client_id = world.add_client(topics=("aftercare", "newsletter"))
    world.log_session(client_id, MONDAY_14)
    world.app.drain()
    return client_id


@pytest.fixture
def visitor(world: World) -> Visitor:
    """Somebody with a browser or a mail program."""
    return Visitor(world)


@pytest.fixture
def program(world: World) -> Program:
    """The clinic's booking software."""
    return program_of(world)
