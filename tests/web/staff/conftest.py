"""One clinic, and its owner with a browser."""

import pytest

from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague


@pytest.fixture(params=["sqlite"])
def database_url(sqlite_url: str) -> str:
    """Pages run on one kind of database: what differs between the two is tested in the flows."""
    return sqlite_url


@pytest.fixture
def owner(world: World) -> Colleague:
    """The owner, signed in."""
    return colleague(world)


@pytest.fixture
def stranger(world: World) -> Colleague:
    """Somebody who is not signed in."""
    return Colleague(world)
