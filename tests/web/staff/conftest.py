"""One clinic, and its owner with a browser."""

import pytest

from tests.factories import World
from tests.web.one_database import database_url
from tests.web.staff.colleague import Colleague, colleague

__all__ = ["database_url"]


@pytest.fixture
def owner(world: World) -> Colleague:
    """The owner, signed in."""
    return colleague(world)


@pytest.fixture
def stranger(world: World) -> Colleague:
    """Somebody who is not signed in."""
    return Colleague(world)
