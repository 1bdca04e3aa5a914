"""The sandbox as it opens. Living through its past takes seconds: done once, and each test gets a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftercare.cli.demo_serve import DATABASE
from aftercare.config import Settings
from aftercare.flows import sandbox
from aftercare.store import clinics
from aftercare.testing.inline import InlineApp, sandbox_app
from tests.factories import World
from tests.once import made_once


def settings_of(folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / DATABASE}",
        sandbox=True,
        public_url="http://127.0.0.1:8000",
        mail_domain="willowlane.example.com",
    )


@pytest.fixture(scope="session")
def furnished(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sandbox that has just been set up."""

    def furnish(folder: Path) -> None:
        shutil.copyfile(migrated_sqlite, folder / DATABASE)
        app = sandbox_app(settings_of(folder))
        sandbox.open_sandbox(app)
        app.close()

    return made_once(tmp_path_factory, "sandbox", furnish)


@pytest.fixture
def folder(furnished: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(furnished, tmp_path / "sandbox")
    return tmp_path / "sandbox"


@pytest.fixture
def app(folder: Path) -> Iterator[InlineApp]:
    """Its app, with the tasks in our hands."""
    opened = sandbox_app(settings_of(folder))
    sandbox.open_sandbox(opened)
    opened.drain()
    yield opened
    opened.close()


@pytest.fixture
def world(app: InlineApp) -> World:
    """Its clinic."""
    with app.reading() as db:
        return World(app, clinics.only(db).id, "")
