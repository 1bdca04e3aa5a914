"""The newsletter by the command line."""

import json
from typing import Any

import pytest
from tests.cli.test_setting_up import PARTICULARS, _here, run

from aftercare.errors import Conflict, InvalidInput, NotFound

__all__ = ["_here"]


@pytest.fixture(autouse=True)
def _clinic(_here: None) -> None:
    run("init", *PARTICULARS)


def issues() -> list[dict[str, Any]]:
    """What the list says."""
    return list(json.loads(run("newsletter", "list", "--json").stdout))


def test_an_issue_is_counted_scheduled_paused_and_cancelled() -> None:
    issue = run("newsletter", "new", "issue-3").stdout.strip()
    hour = ("--at", "2030-01-08T10:00")
    with pytest.raises(InvalidInput, match="within a year"):
        run("newsletter", "schedule", issue, *hour)
    counted = run("newsletter", "schedule", issue, *hour, "--dry-run", "--only", "country=GB", "--json")
    assert json.loads(counted.stdout) == [
        {"who": "get it", "number": 0},
        {"who": "subscribers", "number": 0},
    ]
    assert [(row["issue"], row["state"]) for row in issues()] == [(issue, "draft")]
    with pytest.raises(Conflict, match="nothing to cancel"):
        run("newsletter", "cancel", issue)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("new", "issue-9"), NotFound, "Choose from issue-1"),
        (("new",), InvalidInput, "subject: write what"),
        (("cancel", "iss_none"), NotFound, "no such issue"),
        (("schedule", "iss_none", "--at", "tomorrow"), InvalidInput, "at: write a local date"),
        (("schedule", "iss_none", "--at", "2030-01-08T10:00", "--only", "age=40"), InvalidInput, "age"),
    ],
)
def test_what_cannot_be_is_named(arguments: tuple[str, ...], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        run("newsletter", *arguments)
