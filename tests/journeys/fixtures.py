"""Fixtures of the journeys. Furnishing a clinic compiles every email, so it is done once for each kind of
database; each story starts with a copy."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from aftercare.config import Settings
from aftercare.models import (
    Attempt,
    AuditEntry,
    CareSession,
    Client,
    Consent,
    Enrolment,
    Heartbeat,
    Message,
    Setting,
)
from aftercare.testing.inline import inline_app, pass_time
from aftercare.testing.servers import PostgresServer
from aftercare.testing.smtp import RecordingServer
from tests.factories import SECRET, make_world
from tests.journeys.harness import MONDAY_14, Journey, assert_all_is_well, only_clinic
from tests.once import made_once

FURNISHED: set[str] = set()
TRACES = (Attempt, Message, Enrolment, CareSession, Consent, AuditEntry, Client, Heartbeat, Setting)


@pytest.fixture(scope="session")
def migrated_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file to copy, with a clinic in it; one for all folders of tests that furnish."""

    def furnish(folder: Path) -> None:
        _furnish(f"sqlite:///{shutil.copy(migrated_sqlite, folder)}", folder)

    path = migrated_sqlite.parent / "furnished" / migrated_sqlite.name
    if not path.exists():
        path.parent.mkdir()
        shutil.copy(made_once(tmp_path_factory, "furnished", furnish) / path.name, path)
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(
    migrated_postgresql: str, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The PostgreSQL database to copy, with a clinic in it; one for all folders of tests that furnish."""
    name = f"{migrated_postgresql}_furnished"
    if name in FURNISHED:
        yield name
        return
    FURNISHED.add(name)
    _furnish(postgres_server.new_database(name, migrated_postgresql), tmp_path_factory.mktemp("furnished"))
    yield name
    postgres_server.drop_database(name)


@pytest.fixture
def journey(database_url: str, tmp_path: Path, smtp_server: RecordingServer) -> Iterator[Journey]:
    """A clinic on a Monday at 14:00 with an SMTP server; when the story ends, all mail is accounted for."""
    settings = Settings(
        data_dir=tmp_path, database_url=database_url, smtp_url=smtp_server.url, secret_key=SECRET
    )
    app = inline_app(settings, MONDAY_14)
    told = Journey(app, *only_clinic(app), smtp_server)
    yield told
    assert_all_is_well(app, smtp_server.received)
    app.close()


def _furnish(url: str, folder: Path) -> None:
    """A clinic whose emails are compiled because somebody had them all, and of whom no trace is left."""
    world = make_world(url, folder, MONDAY_14)
    for outcome in ("ordinary", "strong_feelings"):
        someone = world.add_client(f"{outcome}@example.com")
        world.log_session(someone, world.app.clock.now(), outcome)
    pass_time(world.app, MONDAY_14 + timedelta(days=16))
    with world.app.transaction() as db:
        for table in TRACES:
            db.execute(delete(table))
    world.app.close()
