"""What every test can ask for: an empty database of either kind, a Redis, a browser, an SMTP server.

Servers start when the first test asks for them, once per test process, and stop with it.
"""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from scripts.browser import find_chromium, running

from aftercare.testing.servers import PostgresServer, RedisServer
from tests.once import made_once

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from aftercare.testing.clean_database import CleanDatabase
    from aftercare.testing.smtp import RecordingServer

# A slow moment of a shared machine is not a fault of the code.
settings.register_profile("aftercare", deadline=None, print_blob=True)
settings.load_profile("aftercare")

MEMORY, MEMORY_BYTES = Path("/dev/shm"), 2**30  # noqa: S108 - pytest makes a private folder in it
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
    # SQLite waits for the disk at each commit; the suite has thousands.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

DATABASE = "aftercare.sqlite3"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
NO_CHROMIUM = "No Chromium: run `make setup` as root on Debian, install chromium, or set CHROMIUM."


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test process."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test process; a test that kills it starts it again."""
    with RedisServer(database=int(WORKER.removeprefix("gw")) % 16) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The URL of an empty Redis."""
    redis_server.flushall()
    return redis_server.url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy; migrating takes longer than most tests."""
    migrated = made_once(tmp_path_factory, "migrated", _migrate)
    return Path(shutil.copy(migrated / DATABASE, tmp_path_factory.mktemp("template")))


def _migrate(folder: Path) -> None:
    from aftercare.migrations import upgrade

    upgrade(f"sqlite:///{folder / DATABASE}")
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.fixture(scope="session")
def migrated_postgresql(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database to copy."""
    from aftercare.migrations import upgrade

    name = f"aftercare_{WORKER}_{os.getpid()}"
    upgrade(postgres_server.new_database(name))
    yield name
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(migrated_sqlite: Path) -> Iterator[str]:
    """The URL of an empty, migrated SQLite database: always the same file, so that its engine (`engine_for`)
    knows the SQL of the tests before."""
    path = migrated_sqlite.parent / "copy.sqlite3"
    shutil.copyfile(migrated_sqlite, path)
    url = f"sqlite:///{path}"
    yield url
    _let_go(url)
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty, migrated database. A test that uses it runs twice, once on each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    clean = _clean_database(request)
    yield clean.url
    clean.restore()


def _clean_database(request: pytest.FixtureRequest) -> "CleanDatabase":
    from aftercare.testing.clean_database import CleanDatabase

    server: PostgresServer = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("migrated_postgresql")
    if (server.url, template) not in _CLEAN:
        _CLEAN[server.url, template] = CleanDatabase(server, template)
    return _CLEAN[server.url, template]


_CLEAN: dict[tuple[str, str], "CleanDatabase"] = {}


def _let_go(url: str) -> None:
    from aftercare.testing.inline import engine_for

    engine_for(url).dispose()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Without one the test is skipped and counted, or fails (`make check`)."""
    if found := find_chromium():
        return found
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(NO_CHROMIUM)
    pytest.skip(NO_CHROMIUM)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator["Browser"]:
    """A headless Chromium; a module has one, and no event loop of its own meanwhile."""
    with running(chromium) as browser:
        yield browser


@pytest.fixture
def smtp_server() -> Iterator["RecordingServer"]:
    """A real SMTP server on 127.0.0.1 that keeps what it receives."""
    from aftercare.testing.smtp import RecordingServer

    with RecordingServer() as server:
        yield server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write on each test what it runs on, for the closing count (user_properties travel through xdist)."""
    for item in items:
        item.user_properties += [("runs_on", place) for place in _places(item)]


def _places(item: pytest.Item) -> Iterator[str]:
    fixtures = set(getattr(item, "fixturenames", ()))
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    database = parameters.get("database_url")
    if database == "sqlite":
        yield "sqlite"
    if database == "postgresql" or fixtures & {"postgres_server", "redis_server"}:
        yield "servers"
    if item.get_closest_marker("browser") or "chromium" in fixtures:
        yield "browser"


def pytest_collection_finish() -> None:
    """What was imported lives as long as the suite: looking through it for garbage finds none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what the suite ran on."""
    stats = terminalreporter.stats
    ran = [r for kind in ("passed", "failed") for r in stats.get(kind, []) if r.when == "call"]
    counts = {place: _count(ran, place) for place in ("sqlite", "servers", "browser")}
    missed = _count(stats.get("skipped", []), "browser")
    terminalreporter.write_line(
        f"ran on SQLite: {counts['sqlite']}, on PostgreSQL + Redis: {counts['servers']}, "
        f"in a browser: {counts['browser']} (not run: {missed})"
    )
    if missed:
        terminalreporter.write_line(f"{missed} browser tests did NOT run. {NO_CHROMIUM}")


def _count(reports: list[pytest.TestReport], place: str) -> int:
    return sum(("runs_on", place) in report.user_properties for report in reports)
