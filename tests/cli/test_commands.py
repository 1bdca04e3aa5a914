"""A clinic's first day by the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftercare import bootstrap
from aftercare.cli import app
from aftercare.flows import enrolments

CLINIC = {
    "name": "Willow Lane",
    "email": "hello@willow.example.com",
    "postal-address": "12 Willow Lane",
    "phone": "0113 496 0000",
    "hours": "Monday to Friday, 9:00 to 17:00",
    "country": "GB",
    "timezone": "Europe/London",
    "reply-reader": "Alex",
    "owner-name": "Robin",
    "owner-email": "robin@willow.example.com",
}


def run(*words: str) -> str:
    """What a command prints; an error that it ends with is raised."""
    return CliRunner().invoke(app, words, catch_exceptions=False).stdout.strip()


def plan_now(session_id: str) -> None:
    """What a worker would do next."""
    here = bootstrap.current()
    with here.transaction() as db:
        enrolments.schedule_followups(db, session_id, now=here.clock.now())


def states(client: str) -> list[tuple[str, str]]:
    """The planned steps of a client and how they stand."""
    return [
        (row["step"], row["state"]) for row in json.loads(run("plan", client, "--days", "36500", "--json"))
    ]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a client of a clinic that was just set up."""
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    run("init", *(word for name, value in CLINIC.items() for word in (f"--{name}", value)))
    agreed = ("--topic", "aftercare", "--source", "intake form", "--wording", "Yes, please.")
    return run("client", "add", "maya@example.com", "--first-name", "Maya", *agreed)


def test_a_session_is_logged_paused_corrected_and_cancelled(client: str) -> None:
    session = run("session", "log", client, "--outcome", "ordinary", "--ended-at", "2099-11-23T14:00")
    plan_now(session)
    assert states(client)[0] == ("evening-plan", "planned")
    run("sequence", "pause", "after-your-visit")
    assert "paused" in run("sequence", "list")
    assert {state for _, state in states(client)} == {"held"}
    run("sequence", "resume", "after-your-visit")
    assert {state for _, state in states(client)} == {"planned"}
    run("session", "correct", session, "--outcome", "strong_feelings", "--ended-at", "2099-11-24T14:00")
    plan_now(session)
    assert states(client)[0] == ("thank-you", "planned")
    run("session", "cancel", session)
    assert states(client) == []
    assert len(json.loads(run("outbox", "--json"))) == 11
