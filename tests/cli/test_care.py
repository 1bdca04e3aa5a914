"""What staff do for one client, by the command line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.test_commands import CLINIC, run, states

from aftercare import bootstrap
from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows.enrolments import CannotStart
from aftercare.models import Client


@pytest.fixture
def maya(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a client who has not said yes to anything, of a clinic that was just set up."""
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    run("init", *(word for name, value in CLINIC.items() for word in (f"--{name}", value)))
    return run("client", "add", "maya@example.com", "--first-name", "Maya")


def test_a_client_is_asked_says_yes_gets_a_run_rests_and_stops(maya: str) -> None:
    assert run("client", "ask", maya).startswith("msg_")
    assert states(maya) == [("may-we-write", "planned")]
    with pytest.raises(CannotStart):
        run("client", "start", maya, "after-your-visit")
    run("client", "consent", maya, "--topic", "aftercare", "--source", "paper", "--wording", "Yes, please.")
    assert run("client", "start", maya, "after-your-visit").startswith("enr_")
    run("client", "pause", maya, f"{datetime.now(UTC) + timedelta(days=300):%Y-%m-%d}")
    assert {state for _, state in states(maya)} == {"held"}
    run("client", "resume", maya)
    assert {state for _, state in states(maya)} == {"planned"}
    run("client", "stop", maya)
    assert states(maya) == []
    run("client", "undo-stop", maya)
    assert len(states(maya)) == 5
    assert {"opted_out", "answered"} == {row["reason"] for row in json.loads(run("outbox", "--json"))}


def test_clients_are_listed_with_ids_and_without_their_whole_addresses(maya: str) -> None:
    found = json.loads(run("client", "list", "--json"))
    assert found == [{"client": maya, "first_name": "Maya", "address": "m•••@example.com"}]


def test_a_client_is_corrected(maya: str) -> None:
    run("client", "correct", maya, "--first-name", "May", "--email", "may@example.com")
    with bootstrap.current().reading() as db:
        client = db.get_one(Client, maya)
    assert (client.first_name, client.email, client.email_key) == ("May", *["may@example.com"] * 2)
    run("client", "add", "maya@example.com")
    with pytest.raises(Conflict):
        run("client", "correct", maya, "--email", "Maya@example.com")


def test_all_that_is_known_about_a_client_is_printed(maya: str) -> None:
    run("client", "consent", maya, "--topic", "aftercare", "--source", "paper", "--wording", "Yes, please.")
    made = json.loads(run("client", "export", maya))
    assert made["client"][0]["first_name"] == "Maya"
    assert made["consent"][0]["wording"] == "Yes, please."
    assert made["audit_entry"][-1]["action"] in ("client.exported", "consent.given", "client.added")


def test_a_day_that_is_none_is_refused(maya: str) -> None:
    with pytest.raises(InvalidInput, match="until"):
        run("client", "pause", maya, "soon")


def test_a_client_who_stopped_is_not_asked(maya: str) -> None:
    run("client", "stop", maya)
    with pytest.raises(Conflict, match="not asked"):
        run("client", "ask", maya)


def test_a_stop_from_the_mailbox_is_recorded_by_its_address(maya: str) -> None:
    run("client", "stop", "MAYA@example.com")
    with pytest.raises(Conflict, match="not asked"):
        run("client", "ask", maya)
    with pytest.raises(NotFound, match="no client with this address"):
        run("client", "stop", "maja@example.com")
