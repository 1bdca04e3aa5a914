"""A furnished clinic for tests that need more than empty tables."""

from tests.journeys.fixtures import journey, migrated_postgresql, migrated_sqlite

__all__ = ["journey", "migrated_postgresql", "migrated_sqlite"]
