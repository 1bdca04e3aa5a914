"""Arguments and settings that nobody meant: one clear line, the right exit code, nothing private in it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.factories import SECRET, make_world

from aftercare.cli import main


@pytest.mark.parametrize(
    ("command", "database", "code"),
    [
        (["token", "create", "\udcff"], "", 2),
        (["plan"], "foo://user:secret@host/db", 2),
        (["plan"], "rubbish", 2),
        (["plan", "cli_none"], "", 3),
        (["serve", "--port", "1", "--host", "192.0.2.1"], "", 1),
    ],
)
def test_what_cannot_be_used_is_one_line_without_a_traceback(
    command: list[str],
    database: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    migrated_sqlite: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    end, told = run(command, database, monkeypatch, tmp_path, migrated_sqlite, capsys)
    assert (end, "Traceback" not in told, "secret" in told) == (code, True, False)


def test_a_database_that_does_not_run_is_asked_for_first(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    migrated_sqlite: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AFTERCARE_SECRET_KEY", SECRET)
    stopped = "postgresql://127.0.0.1:1/aftercare"
    end, told = run(["plan"], stopped, monkeypatch, tmp_path, migrated_sqlite, capsys)
    assert end == 1
    assert told.startswith("aftercare: Is the database running?")


def test_a_production_without_a_key_is_told_which_setting_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", "postgresql://127.0.0.1:1/aftercare")
    monkeypatch.setenv("AFTERCARE_DATA_DIR", "/dev/null/x")
    monkeypatch.setattr("sys.argv", ["aftercare", "plan"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.startswith("aftercare: AFTERCARE_SECRET_KEY: is not set")


@pytest.mark.parametrize("days", ["-1", "99999999", "999999999999"])
@pytest.mark.parametrize("command", ["plan", "outbox"])
def test_days_outside_the_calendar_are_a_usage_error(
    command: str,
    days: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    migrated_sqlite: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    end, told = run([command, "--days", days], "", monkeypatch, tmp_path, migrated_sqlite, capsys)
    assert (end, "--days" in told) == (2, True)


def run(
    command: list[str],
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    migrated: Path,
    capsys: pytest.CaptureFixture[str],
) -> tuple[object, str]:
    shutil.copyfile(migrated, folder / "aftercare.sqlite3")
    make_world(
        f"sqlite:///{folder / 'aftercare.sqlite3'}", folder, datetime(2026, 3, 2, tzinfo=UTC)
    ).app.close()
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(folder))
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", database)
    monkeypatch.setattr("sys.argv", ["aftercare", *command])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [("SMTP_URL", "mail.example.com"), ("DATA_DIR", "/dev/null"), ("DATA_DIR", "/dev/null/x")],
)
def test_a_setting_that_cannot_work_is_refused_at_the_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", "sqlite://")
    monkeypatch.setenv(f"AFTERCARE_{name}", value)
    monkeypatch.setattr("sys.argv", ["aftercare", "serve", "--port", "0"])
    with pytest.raises(SystemExit) as end:
        main()
    told = capsys.readouterr().err
    assert (end.value.code, len(told.splitlines())) == (2, 1)
    assert f"AFTERCARE_{name}" in told
