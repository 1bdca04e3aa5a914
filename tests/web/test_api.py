"""The REST interface: what each call does, and who may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aftercare.flows import clinics
from aftercare.store import sessions
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import CLINIC, World
from tests.web.conftest import MONDAY_14
from tests.web.visitor import Program, Visitor, program_of

CONSENT = {"topics": ["aftercare"], "source": "intake form", "wording": "Yes, please."}
ANNA = {"email": "anna@example.com", "first_name": "Anna", "timezone": "Europe/London", "consent": CONSENT}
NOBODY, NO_SESSION = "cli_" + "a" * 24, "ses_" + "a" * 24


def session_of(client_id: str, **other: Any) -> dict[str, Any]:
    """A session that ended a minute ago."""
    return {"client_id": client_id, "ended_at": "2026-11-23T14:00:00Z", "outcome": "ordinary"} | other


def test_a_client_is_added_with_her_consent_and_can_be_read(program: Program) -> None:
    answer = program.post("/clients", json=ANNA)
    assert answer.status_code == 201
    client_id = answer.json()["id"]
    assert answer.headers["location"] == f"/api/v1/clients/{client_id}"
    assert program.get(f"/clients/{client_id}").json() == answer.json()
    consents = program.get(f"/clients/{client_id}/timeline").json()["consents"]
    assert [(row["topic"], row["given"], row["source"], row["wording"]) for row in consents] == [
        ("aftercare", True, "intake form", "Yes, please.")
    ]


def test_the_same_address_twice_is_a_conflict(program: Program) -> None:
    program.post("/clients", json=ANNA)
    again = program.post("/clients", json=ANNA | {"email": "ANNA@Example.com "})
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")


def test_a_logged_session_is_committed_before_its_task_is_submitted(
    world: World, program: Program, maya: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted = []

    def look_for_the_row(name: str, session_id: str) -> bool:
        with world.app.reading() as db:
            submitted.append((name, sessions.get(db, world.clinic_id, session_id).id))
        return True

    monkeypatch.setattr(world.app, "submit", look_for_the_row)
    answer = program.post("/sessions", json=session_of(maya))
    assert submitted == [("schedule_followups", answer.json()["id"])]


def test_a_logged_session_answers_with_its_plan(program: Program, maya: str) -> None:
    answer = program.post(
        "/sessions", json=session_of(maya, ended_at="2026-11-24T15:00:00+01:00", outcome="strong_feelings")
    )
    plan = answer.json()["plan"]
    assert (answer.status_code, plan["starts"], plan["sequence"]) == (201, True, "after-a-tender-visit")
    assert [run["sequence"] for run in plan["ends"]] == ["after-your-visit"]
    assert plan["messages"][0] == {
        "step": "thank-you",
        "planned_for": "2026-11-24T16:00:00Z",
        "local": "2026-11-24T16:00:00Z",
        "state": "planned",
        "reason": None,
        "too_late": False,
    }


def test_the_timeline_shows_what_was_sent_and_what_is_planned(
    world: World, program: Program, maya: str
) -> None:
    program.send("PATCH", f"/clients/{maya}", json={"timezone": "Asia/Kathmandu"})
    pass_time(world.app, MONDAY_14 + timedelta(days=1))
    timeline = program.get(f"/clients/{maya}/timeline").json()
    first = timeline["messages"][0]
    assert (first["sequence"], first["step"], first["state"]) == ("after-your-visit", "evening-plan", "sent")
    assert first["local"].endswith("+05:45")
    assert first["session_id"] == timeline["sessions"][0]["id"]
    assert {row["state"] for row in timeline["messages"][1:]} == {"planned"}


def test_a_hold_stops_everything_until_it_is_released(world: World, program: Program, maya: str) -> None:
    hold = f"/clients/{maya}/hold"
    for _ in range(2):
        assert program.send("PUT", hold, json={"reason": "rang us"}).status_code == 204
    assert {row.state for row in world.messages(maya)} == {"held"}
    pass_time(world.app, MONDAY_14 + timedelta(minutes=5))
    for _ in range(2):
        assert program.send("DELETE", hold).status_code == 204
    assert {row.state for row in world.messages(maya)} == {"planned"}
    timeline = program.get(f"/clients/{maya}/timeline").json()
    assert [row["action"] for row in timeline["holds"]] == ["client.held", "client.released"]


def test_a_cancelled_session_takes_its_emails_with_it(world: World, program: Program, maya: str) -> None:
    session_id = program.get(f"/clients/{maya}/timeline").json()["sessions"][0]["id"]
    for _ in range(2):
        assert program.send("DELETE", f"/sessions/{session_id}").status_code == 204
    assert {row.state for row in world.messages(maya)} == {"cancelled"}
    assert program.send("PATCH", f"/sessions/{session_id}", json={"outcome": "ordinary"}).status_code == 409


def test_a_corrected_outcome_brings_the_other_sequence(world: World, program: Program, maya: str) -> None:
    session_id = program.get(f"/clients/{maya}/timeline").json()["sessions"][0]["id"]
    answer = program.send("PATCH", f"/sessions/{session_id}", json={"outcome": "strong_feelings"})
    assert (answer.status_code, answer.json()["outcome"]) == (200, "strong_feelings")
    world.app.drain()
    planned = [row.step_key for row in world.messages(maya) if row.state == "planned"]
    assert planned[0] == "thank-you"


ROUTES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/clients/{client}", None),
    ("PATCH", "/clients/{client}", {"timezone": "Europe/Paris"}),
    ("PUT", "/clients/{client}/hold", {"reason": ""}),
    ("DELETE", "/clients/{client}/hold", None),
    ("GET", "/clients/{client}/timeline", None),
    ("PATCH", "/sessions/{session}", {"outcome": "ordinary"}),
    ("DELETE", "/sessions/{session}", None),
    ("POST", "/sessions", {"client_id": "{client}", "ended_at": "2026-11-23T14:00Z", "outcome": "ordinary"}),
]


def fill(value: Any, client: str, session: str) -> Any:
    """The route or body with these ids."""
    if isinstance(value, dict):
        return {name: fill(part, client, session) for name, part in value.items()}
    return (
        value.replace("{client}", client).replace("{session}", session) if isinstance(value, str) else value
    )


def test_another_clinics_things_do_not_exist(world: World, program: Program, maya: str) -> None:
    session_id = program.get(f"/clients/{maya}/timeline").json()["sessions"][0]["id"]
    with world.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC), by="test", now=MONDAY_14).id
    stranger = program_of(world, other)
    before = table_hash(world.app.engine)
    for method, path, body in ROUTES:
        theirs = stranger.send(method, fill(path, maya, session_id), json=fill(body, maya, session_id))
        nobodys = stranger.send(method, fill(path, NOBODY, NO_SESSION), json=fill(body, NOBODY, NO_SESSION))
        assert (theirs.status_code, nobodys.status_code) == (404, 404), (method, path)
        assert theirs.json()["detail"] == nobodys.json()["detail"]
    assert table_hash(world.app.engine) == before


def test_every_api_route_is_in_the_list_above(program: Program) -> None:
    listed = {(method.lower(), path.split("{")[0]) for method, path, _ in ROUTES} | {("post", "/clients")}
    schema = Visitor(program.world).get("/api/openapi.json").json()
    found = {
        (method, path.removeprefix("/api/v1").split("{")[0])
        for path, methods in schema["paths"].items()
        for method in methods
    }
    assert found == listed


def test_without_a_good_token_nothing_is_told_and_nothing_changes(
    world: World, maya: str, visitor: Visitor
) -> None:
    before = table_hash(world.app.engine)
    for header in (None, b"Bearer", b"Bearer act_wrong", b"Basic YTpi", b"Bearer \xff"):
        headers = {} if header is None else {"Authorization": header}
        for method, path, body in [*ROUTES, ("POST", "/clients", ANNA)]:
            where, what = "/api/v1" + fill(path, maya, NO_SESSION), fill(body, maya, NO_SESSION)
            answer = visitor.send(method, where, json=what, headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert table_hash(world.app.engine) == before
