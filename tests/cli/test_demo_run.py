"""The headless demo with a client who comes again: from another zone, or with another mind about emails."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from aftercare.cli import app


def visit(client: str, ends_at: str, zone: str = "Europe/London", **other: Any) -> dict[str, Any]:
    base = {"client": client, "timezone": zone, "ends_at": ends_at, "outcome": "ordinary", "consent": True}
    return base | other


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("demo")
    auckland = "Pacific/Auckland"
    cast = [
        visit("mover", "2026-03-04T14:00"),
        visit("mover", "2026-03-06T14:00", auckland, outcome="did_not_happen"),
        visit("yes-then-no", "2026-03-04T14:00"),
        visit("yes-then-no", "2026-03-06T14:00", consent=False),
        visit("no-then-yes", "2026-03-04T14:00", consent=False),
        visit("no-then-yes", "2026-03-06T14:00"),
    ]
    (folder / "sessions.json").write_text(json.dumps(cast))
    options = ["--days", "4", "--sessions", str(folder / "sessions.json"), "--out", str(folder / "out")]
    result = CliRunner().invoke(app, ["demo", "--headless", "--json", *options], catch_exceptions=False)
    assert result.exit_code == 0
    return list(json.loads(result.stdout))


def seen(received: list[dict[str, Any]], client: str) -> list[tuple[str, str]]:
    return [(row["timezone"], row["local"][:16]) for row in received if row["client"] == client]


def test_each_email_is_shown_in_the_zone_that_its_client_lived_in_then(
    received: list[dict[str, Any]],
) -> None:
    assert seen(received, "mover") == [
        ("Europe/London", "2026-03-04T17:00"),
        ("Europe/London", "2026-03-05T18:00"),
        ("Pacific/Auckland", "2026-03-07T10:00"),
    ]


def test_who_says_no_gets_nothing_from_then_on(received: list[dict[str, Any]]) -> None:
    assert [local for _, local in seen(received, "yes-then-no")] == ["2026-03-04T17:00", "2026-03-05T18:00"]


def test_who_says_yes_later_gets_emails_from_then_on(received: list[dict[str, Any]]) -> None:
    assert [local for _, local in seen(received, "no-then-yes")] == ["2026-03-06T17:00", "2026-03-07T18:00"]
