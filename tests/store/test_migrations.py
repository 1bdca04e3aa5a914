"""Migrations go up, down and up again, and leave what the models say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from aftercare.flows import clinics
from aftercare.migrations import config, downgrade, upgrade
from aftercare.models import Base, Clinic
from aftercare.store.engine import open_engine
from aftercare.testing.servers import PostgresServer
from tests.factories import CLINIC, make_world

START = datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    yield server.new_database("aftercare_migrating")
    server.drop_database("aftercare_migrating")


def _tables(url: str) -> set[str]:
    engine = open_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_up_down_and_up_again_end_where_the_models_are(empty_url: str) -> None:
    upgrade(empty_url)
    full = _tables(empty_url)
    assert full == {*Base.metadata.tables, "alembic_version"}
    downgrade(empty_url)
    assert _tables(empty_url) == {"alembic_version"}
    upgrade(empty_url)
    assert _tables(empty_url) == full


def test_migrated_tables_differ_in_nothing_from_the_models(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_hours_that_a_clinic_wrote_in_words_are_read_where_they_are_plain(
    database_url: str, tmp_path: Path
) -> None:
    world = make_world(database_url, tmp_path, START)
    with world.app.transaction() as db:
        plain = db.get_one(Clinic, world.clinic_id)
        other = clinics.add_clinic(db, replace(CLINIC, hours="By appointment"), by="sam", now=START).id
        plain.hours, plain.opening = "Monday to Thursday, 8:30 to 16:00", {}
    world.app.engine.dispose()
    downgrade(database_url, "0006")
    upgrade(database_url)
    with world.app.reading() as db:
        assert db.get_one(Clinic, world.clinic_id).opening == dict.fromkeys(
            ("mon", "tue", "wed", "thu"), "08:30-16:00"
        )
        assert db.get_one(Clinic, other).opening == {}
    world.app.close()


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(config("sqlite://")).get_heads()) == 1


def test_every_table_says_which_clinic_a_row_belongs_to() -> None:
    without = {name for name, table in Base.metadata.tables.items() if "clinic_id" not in table.columns}
    assert without == {"clinic"}
