"""The resource library by the command line."""

import json
from typing import Any

import pytest
from tests.cli.test_setting_up import PARTICULARS, _here, run

from aftercare.errors import Conflict, InvalidInput, NotFound

__all__ = ["_here"]


@pytest.fixture(autouse=True)
def _clinic(_here: None) -> None:
    run("init", *PARTICULARS)


def entries() -> list[dict[str, Any]]:
    """The entries of the clinic."""
    found = json.loads(run("resource", "list", "--json").stdout)
    return [row for row in found if not row["ours"]]


def test_an_entry_is_added_listed_and_checked() -> None:
    made = run("resource", "add", "Tea & talk", "https://tea.example.org", "--country", "GB")
    assert made.stdout.strip() == "tea-talk"
    [row] = entries()
    assert (row["url"], row["country"], row["fault"], row["emails"]) == (
        "https://tea.example.org",
        "GB",
        None,
        0,
    )
    run("resource", "check", "tea-talk", "--dead")
    assert entries()[0]["fault"] == "dead"
    run("resource", "check", "tea-talk")
    assert entries()[0]["fault"] is None
    assert "Tea & talk" in run("resource", "list").stdout


def test_what_cannot_be_is_named() -> None:
    with pytest.raises(InvalidInput, match="url: must be a whole address"):
        run("resource", "add", "Tea", "http://tea.example.org")
    with pytest.raises(NotFound, match="no entry 'tea'"):
        run("resource", "check", "tea")
    run("resource", "add", "Tea", "https://tea.example.org")
    with pytest.raises(Conflict, match="already"):
        run("resource", "add", "Tea again", "https://tea.example.org")
