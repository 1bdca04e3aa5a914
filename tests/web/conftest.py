"""One clinic with Maya, who has a running sequence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftercare.config import Settings
from aftercare.testing.inline import inline_app
from tests.factories import SECRET, World
from tests.journeys.fixtures import migrated_postgresql, migrated_sqlite
from tests.journeys.harness import only_clinic
from tests.web.visitor import Program, Visitor, program_of

__all__ = ["migrated_postgresql", "migrated_sqlite"]

MONDAY_14 = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> World:
    """The clinic, on a Monday afternoon."""
    app = inline_app(Settings(data_dir=tmp_path, database_url=database_url, secret_key=SECRET), MONDAY_14)
    return World(app, *only_clinic(app))


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
