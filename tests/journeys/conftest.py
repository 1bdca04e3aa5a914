"""A furnished clinic for every story, and the checks that close each of them."""

from tests.journeys.fixtures import journey, migrated_postgresql, migrated_sqlite

__all__ = ["journey", "migrated_postgresql", "migrated_sqlite"]
