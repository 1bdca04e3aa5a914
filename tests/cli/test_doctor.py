"""The doctor finds what is wrong, names the mend, and tells nobody a secret."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.factories import CLINIC, SECRET, World, make_world
from typer.testing import CliRunner

from aftercare import queue
from aftercare.bootstrap import build
from aftercare.cli import app as cli
from aftercare.config import Settings
from aftercare.flows import checkup
from aftercare.flows.findings import Finding
from aftercare.migrations import downgrade
from aftercare.models import Message
from aftercare.store import settings
from aftercare.testing.inline import LabClock
from aftercare.testing.servers import PostgresServer
from aftercare.testing.smtp import Fault, RecordingServer, Script, Step

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
HIDDEN = "hunter2secret"
NOWHERE = f"redis://user:{HIDDEN}@127.0.0.1:1/0"


def look(world: World, part: str) -> Finding:
    """What one look at this part finds; never the password."""
    [found] = checkup.examine(world.app, [part])
    assert found.part == part
    assert HIDDEN not in found.found + found.mend
    assert found.mend or found.state == "ok"
    return found


def set_to(world: World, **values: object) -> World:
    """The same world under other settings."""
    world.app.settings = world.app.settings.model_copy(update=values)
    return world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> World:
    """A clinic, on either kind of database."""
    return make_world(database_url, tmp_path, NOW)


@pytest.fixture
def small(migrated_sqlite: Path, tmp_path: Path) -> World:
    """A clinic on SQLite."""
    shutil.copyfile(migrated_sqlite, tmp_path / "one.sqlite3")
    return make_world(f"sqlite:///{tmp_path / 'one.sqlite3'}", tmp_path, NOW)


@pytest.fixture(autouse=True)
def _broker_as_before() -> Iterator[None]:
    yield
    queue.configure(Settings())


def test_a_migrated_database_is_well_and_an_older_one_is_not(world: World) -> None:
    well = look(world, "database")
    assert "migrated" in well.found or "fsync" in well.found
    world.app.engine.dispose()
    downgrade(world.app.settings.database, "-1")
    assert look(world, "database").mend == "Run aftercare migrate."
    downgrade(world.app.settings.database)
    assert "aftercare init" in look(world, "database").mend
    assert [look(world, part).state for part in ("sweep", "sender", "templates")] == ["fail"] * 3


def test_sweep_and_beat_are_told_apart_by_their_ages(world: World) -> None:
    set_to(world, broker_url=NOWHERE)
    assert [look(world, part).state for part in ("sweep", "beat")] == ["fail", "warn"]
    assert "cannot be seen while no worker answers" in look(world, "beat").found
    with world.app.transaction() as db:
        settings.beat(db, NOW - timedelta(seconds=20), "sweep")
        settings.beat(db, NOW - timedelta(minutes=5), "beat")
    assert look(world, "sweep").state == "ok"
    assert "5 minutes" in look(world, "beat").found
    world.app.submit("sweep", "beat")
    world.app.drain()
    assert [look(world, part).state for part in ("sweep", "beat")] == ["ok", "ok"]


def test_a_broker_that_is_away_and_missing_workers_are_said(small: World, redis_url: str) -> None:
    queue.configure(set_to(small, broker_url=NOWHERE).app.settings)
    assert [look(small, part).state for part in ("broker", "workers")] == ["fail", "fail"]
    assert look(small, "broker").found.startswith("127.0.0.1:1 ")
    queue.configure(set_to(small, broker_url=redis_url).app.settings)
    queue.submit("sweep")
    assert look(small, "broker").found.endswith("1 tasks wait")
    assert look(small, "workers").state == "fail"


def test_a_worker_with_other_settings_is_noticed_until_it_is_gone(world: World) -> None:
    world.app.sweep()
    assert look(world, "settings").state == "ok"
    set_to(world, smtp_url=f"smtp://us:{HIDDEN}@relay.example.com")
    assert "systemctl restart" in look(world, "settings").mend
    world.app.clock.advance(timedelta(seconds=5))
    world.app.sweep()
    assert look(world, "settings").state == "warn", "the old one was at work a moment ago"
    world.app.clock.advance(timedelta(seconds=30))
    world.app.sweep()
    assert look(world, "settings").state == "ok"


def test_a_setting_whose_name_is_misspelt_is_noticed(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_MAILDOMAIN", "clinic.example.com")
    assert "AFTERCARE_MAIL_DOMAIN?" in look(small, "settings").mend


def test_a_database_that_cannot_keep_every_name_is_refused(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    name = "aftercare_ascii"
    with psycopg.connect(postgres_server.url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
    app = build(Settings(database_url=postgres_server.url_of(name), secret_key=SECRET))
    [found] = checkup.examine(app, ["database"])
    app.close()
    postgres_server.drop_database(name)
    assert (found.state, "must be UTF8" in found.mend) == ("fail", True)


def test_clocks_that_disagree_are_a_fault(small: World) -> None:
    assert look(small, "clock").state == "fail"  # the world's clock stands in a November of its own
    assert isinstance(small.app.clock, LabClock)
    small.app.clock.set(datetime.now(UTC))
    assert look(small, "clock").state == "ok"


@pytest.mark.parametrize(
    ("script", "found", "mend"),
    [
        (Script(), "would take our mail", ""),
        (Script(faults=[Fault(Step.MAIL, "550 5.7.1 not yours")]), "smtp_550_5.7.1", "whether your domain"),
        (Script(faults=[Fault(Step.AUTH, "535 5.7.8 no")], auth=("us", HIDDEN)), "smtp_535", "percent"),
        (Script(faults=[Fault(Step.MAIL, drop=True)]), "smtp_dropped_at_mail", "what this code means"),
        (Script(faults=[Fault(Step.CONNECT, drop=True)]), "smtp_dropped_at_opening", "what this code means"),
    ],
)
def test_a_relay_is_asked_as_far_as_mail_from(small: World, script: Script, found: str, mend: str) -> None:
    with RecordingServer(script) as server:
        seen = look(set_to(small, smtp_url=server.url), "smtp")
        assert not server.received
    assert found in seen.found
    assert mend in seen.mend


def test_emails_that_wait_are_told_with_the_reason(world: World) -> None:
    ended = NOW - timedelta(hours=1)
    for number in range(3):
        world.log_session(world.add_client(f"client{number}@example.com"), ended)
    world.app.drain()
    assert look(world, "mail").state == "ok"
    world.app.clock.set(NOW + timedelta(hours=3))
    assert "3 emails wait since Mon 23 Nov, 16:00 UTC, and nobody" in look(world, "mail").found
    world.app.settings = world.app.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"})
    world.app.sweep()
    assert look(world, "mail").found.endswith("16:00 UTC: the mail server does not answer")


@pytest.mark.parametrize(
    ("reason", "rows", "said"),
    [
        ("smtp_450_4.2.1", 2, ""),
        ("smtp_450_4.2.1", 3, "refuses our emails for now (450 4.2.1)"),
        ("smtp_535_5.7.8", 1, "user or password"),
        ("smtp_tls_not_offered", 1, "safe connection"),
    ],
)
def test_a_few_full_mailboxes_say_nothing_about_the_mail_server(
    small: World, reason: str, rows: int, said: str
) -> None:
    people = [small.add_client(f"client{number}@example.com") for number in range(rows)]
    for client in people:
        small.log_session(client, NOW)
    small.app.drain()
    with small.app.transaction() as db:
        for client in people:
            row = db.get_one(Message, small.messages(client)[0].id)
            row.reason, row.planned_for = reason, NOW
    assert said in look(small, "mail").found


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        (f"smtp://us:{HIDDEN}@127.0.0.1:1", "host and port"),
        (f"smtp://us:{HIDDEN}@", "smtp://host:port"),
        ("", "AFTERCARE_SMTP_URL"),
    ],
)
def test_a_relay_that_is_not_there_or_not_set_is_said(small: World, url: str, mend: str) -> None:
    assert mend in look(set_to(small, smtp_url=url), "smtp").mend


@pytest.mark.parametrize(
    ("domain", "state"),
    [
        ("willow.example.com", "ok"),
        ("bounces.willow.example.com", "ok"),
        ("example.com", "ok"),
        ("elsewhere.example.com", "warn"),
        ("low.example.com", "warn"),
    ],
)
def test_from_and_envelope_must_belong_together(small: World, domain: str, state: str) -> None:
    assert CLINIC.sender_address == "hello@willow.example.com"
    assert look(set_to(small, mail_domain=domain), "sender").state == state


def test_a_published_email_that_cannot_be_made_is_found(small: World) -> None:
    assert "published emails can be made" in look(small, "templates").found
    small.app.library = replace(small.app.library, prompts={}, guides={})
    assert look(small, "templates").state == "fail"


def test_the_key_and_the_files_of_secrets_are_looked_after(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "smtp_url.txt"
    file.write_text("smtp://127.0.0.1")
    tmp_path.chmod(0o755)
    monkeypatch.setenv("AFTERCARE_SMTP_URL_FILE", str(file))
    for mode, state in ((0o600, "ok"), (0o644, "warn")):
        file.chmod(mode)
        assert look(small, "secrets").state == state
    tmp_path.chmod(0o700)
    assert look(small, "secrets").state == "ok"
    assert "secret.key" in look(set_to(small, secret_key=""), "secrets").found


@pytest.mark.parametrize(
    ("url", "state"), [("https://aftercare.example", "fail"), ("https://mail.clinic.example.com", "ok")]
)
def test_links_do_not_lead_to_the_example(small: World, url: str, state: str) -> None:
    assert look(set_to(small, public_url=url), "address").state == state


def test_an_address_that_does_not_answer_is_a_fault(small: World) -> None:
    assert look(set_to(small, public_url="http://127.0.0.1:1"), "web").state == "fail"


def run(*words: str) -> tuple[int, str]:
    """Exit code and stdout of `aftercare doctor`."""
    done = CliRunner().invoke(cli, ["doctor", *words])
    return done.exit_code, done.stdout


def test_the_command_prints_findings_and_ends_with_five_where_one_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERCARE_SECRET_KEY", SECRET)
    assert run("--only", "broker,secrets")[0] == 0
    code, told = run("--only", "database,broker", "--json")
    assert code == 5
    assert [(found["part"], found["state"]) for found in json.loads(told)] == [
        ("database", "fail"),
        ("broker", "ok"),
    ]
    assert "-> New installation: aftercare init." in run("--only", "database")[1]
    assert run("--only", "weather")[0] == 2


def test_a_postgresql_is_told_by_what_it_refuses() -> None:
    for said, mend in (
        ('FATAL: password authentication failed for user "maya"', "Check it"),
        ('FATAL: database "aftercare" does not exist', "Create both"),
        ("connection refused", "Start PostgreSQL"),
    ):
        found = checkup.unreachable("db:5432", said)
        assert mend in found.mend
        assert "maya" not in found.found + found.mend


@pytest.mark.parametrize(
    ("url", "named"),
    [
        (f"postgresql+psycopg://us:{HIDDEN}@db:5432/x", "db:5432"),
        (f"rediss://:{HIDDEN}@cache/0", "cache"),
        ("postgresql+psycopg:///aftercare?host=/run/postgresql", "PostgreSQL on this computer"),
        ("sqlite:////var/lib/aftercare.sqlite3", "the file /var/lib/aftercare.sqlite3"),
    ],
)
def test_a_url_is_named_without_its_secrets(url: str, named: str) -> None:
    assert checkup.place(url) == named
