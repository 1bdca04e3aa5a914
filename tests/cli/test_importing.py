"""A clinic's list by the command line: looked at, brought in, taken back."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tests import client_file
from tests.client_file import COUNTS, SECRET
from tests.factories import World, make_world
from tests.journeys.harness import MONDAY_14
from typer.testing import CliRunner, Result

from aftercare import bootstrap
from aftercare.cli import app
from aftercare.domain.csvfile import read_table
from aftercare.errors import AftercareError, InvalidInput, NotFound
from aftercare.models import Client, ImportBatch
from aftercare.store.clients import are_clients

SAID = ("--consent-source", "intake form", "--consent-wording", "Yes, send me emails.")


@pytest.fixture
def world(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The clinic that the list meets, in the folder that the commands look in."""
    path = tmp_path / "aftercare.sqlite3"
    path.write_bytes(migrated_sqlite.read_bytes())
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    found = make_world(f"sqlite:///{path}", tmp_path, MONDAY_14)
    monkeypatch.chdir(tmp_path)
    return found


def run(*words: str) -> Result:
    """`aftercare client import`."""
    return CliRunner().invoke(app, ["client", "import", *words], catch_exceptions=True)


def answer(*words: str) -> dict[str, Any]:
    """What it prints as JSON."""
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def file(text: str) -> str:
    """A file in the present folder; its name."""
    Path("list.csv").write_text(text, encoding="utf-8-sig", newline="")
    return "list.csv"


def people() -> int:
    """How many clients there are."""
    with bootstrap.current().reading() as db:
        return db.scalar(select(func.count()).select_from(Client)) or 0


def test_a_list_of_220_rows_is_looked_at_brought_in_and_taken_back(world: World) -> None:
    client_file.furnish(world)
    name = file(client_file.text())
    looked = answer(name, *SAID, "--dry-run", "--report", "look.csv")
    before = people()
    assert (looked["counts"], looked["total"], looked["questions"]) == (COUNTS, 220, [])
    assert [each["column"] for each in looked["left_out"]] == ["Notes"]
    assert (looked["ignored"], len(looked["stays_unsubscribed"])) == (["Phone"], 10)

    done = answer(name, *SAID, "--yes", "--report", "refused.csv")
    assert done["counts"] == COUNTS
    assert people() == before + COUNTS["new"] + COUNTS["no_emails"] + 2
    refused = Path("refused.csv")
    assert [row.cells[-1] for row in read_table(refused.read_bytes()).rows] == [
        each["error"] for each in done["refused"]
    ]
    assert refused.stat().st_mode & 0o777 == 0o600
    assert SECRET not in refused.read_text(encoding="utf-8") + json.dumps(done)

    again = answer(name, *SAID, "--dry-run")
    assert again["brought_in_before"].endswith("Z")
    assert again["counts"]["new"] == again["counts"]["no_emails"] == again["counts"]["updated"] == 0
    undone = CliRunner().invoke(app, ["client", "undo-import", done["import"], "--json"])
    assert json.loads(undone.stdout)["removed"] == COUNTS["new"] + COUNTS["no_emails"] + 2
    assert people() == before


def test_nothing_is_kept_before_somebody_says_yes(world: World) -> None:
    name = file("Email,Consent\na@example.com,yes\n")
    for words, code, said in (
        ((*SAID, "--dry-run"), 0, ""),
        (SAID, 2, "Add --yes to do it"),
        (("--yes",), 5, "Say where they agreed"),
        (("--yes", "--map", "consent="), 5, "Say who agreed to emails"),
        (("--yes", "--map", "consent=", *SAID), 5, "Say on which date they agreed"),
    ):
        result = run(name, *words)
        assert (result.exit_code, said in result.stderr) == (code, True), words
    with bootstrap.current().reading() as db:
        assert (
            db.scalars(select(Client).where(are_clients())).all()
            == db.scalars(select(ImportBatch)).all()
            == []
        )


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        (("--no-consent",), {"no_emails": 2}),
        (("--map", "consent=Agreed, in writing,email=Email", *SAID), {"new": 1, "no_emails": 1}),
        ((*SAID, "--consent-date", "2026-03-01", "--consent-topics", "aftercare, newsletter"), {"new": 2}),
    ],
)
def test_who_agreed_is_said_in_one_of_three_ways(
    world: World, words: tuple[str, ...], counts: dict[str, int]
) -> None:
    name = file('Email,"Agreed, in writing"\na@example.com,yes\nb@example.com,no\n')
    found = answer(name, *words, "--yes")["counts"]
    assert {fate: count for fate, count in found.items() if count} == counts


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        (("nowhere.csv",), InvalidInput, "FILE: cannot be read"),
        (("list.csv", "--map", "emil=Email"), InvalidInput, "--map"),
        (("list.csv", "--map", "first_name=Notes"), InvalidInput, "health"),
        (("list.csv", "--consent-topics", "offers"), InvalidInput, "choose from"),
        (("list.csv", "--clinic", "clc_other"), NotFound, "no such"),
    ],
)
def test_what_cannot_be_done_is_said(
    world: World, words: tuple[str, ...], kind: type[AftercareError], said: str
) -> None:
    file("Email,Notes\na@example.com,x\n")
    result = run(*words)
    assert isinstance(result.exception, kind)
    assert said in str(result.exception)
