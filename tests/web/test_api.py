"""The REST interface: what each call does."""

from datetime import timedelta
from typing import Any

import pytest

from aftercare.flows import sequences
from aftercare.mail.paths import templates_root
from aftercare.store import sessions
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.one_database import database_url
from tests.web.visitor import Program

__all__ = ["database_url"]

CONSENT = {"topics": ["aftercare"], "source": "intake form", "wording": "Yes, please."}
ANNA = {"email": "anna@example.com", "first_name": "Anna", "timezone": "Europe/London", "consent": CONSENT}


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


def test_a_client_is_corrected_field_by_field(world: World, program: Program, maya: str) -> None:
    path = f"/clients/{maya}"
    before = program.get(path).json()
    new = {"first_name": "May", "email": "May@Example.com", "country": None, "timezone": None}
    answer = program.send("PATCH", path, json=new)
    assert answer.json() == before | new | {"email": "May@example.com"}
    assert program.send("PATCH", path, json={}).json() == answer.json()
    assert {row.state for row in world.messages(maya)} == {"planned"}
    world.add_client("zoe@example.com")
    assert program.send("PATCH", path, json={"email": "ZOE@example.com"}).status_code == 409
    for field in ("email", "first_name", "language"):
        assert program.send("PATCH", path, json={field: None}).status_code == 422, field
    assert program.send("PATCH", path, json={"email": ""}).status_code == 422
    assert program.get(path).json() == answer.json()


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


def test_an_appointment_answers_with_what_comes_before_it_and_takes_it_along(
    world: World, program: Program, maya: str
) -> None:
    visit = {"client_id": maya, "starts_at": "2026-12-01T15:00:00Z", "first_session": True}
    with world.app.transaction() as db:
        files = sequences.read_folder(templates_root() / "sequences" / "en" / "before-your-visit")
        sequences.publish(db, world.clinic_id, files, by="test", now=MONDAY_14)
    answers = [program.post("/appointments", json=visit, headers={"Idempotency-Key": "one"}) for _ in "12"]
    assert [answer.status_code for answer in answers] == [201, 201]
    booked = answers[1].json()
    assert answers[0].json() == booked
    assert [row["planned_for"] for row in booked["plan"]["messages"]] == [
        "2026-11-28T10:00:00Z",
        "2026-11-30T17:00:00Z",
    ]
    world.app.drain()
    path = f"/appointments/{booked['id']}"
    moved = program.send("PATCH", path, json={"starts_at": "2026-12-08T15:00:00Z"}).json()
    assert (moved["ends_at"], moved["plan_note"]) == ("2026-12-08T16:00:00Z", "planned")
    before = [row for row in world.messages(maya) if row.step_key == "what-to-expect"]
    assert [f"{row.planned_for:%d %H}" for row in before] == ["05 10"]
    for _ in range(2):
        assert program.send("DELETE", path).status_code == 204
    assert program.send("PATCH", path, json={"starts_at": "2026-12-09T15:00:00Z"}).status_code == 409
    wrong = program.post("/appointments", json=visit | {"ends_at": "2026-12-01T14:00:00Z"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/ends_at")


def test_appointments_are_listed_by_their_time_page_by_page_and_of_one_client(
    world: World, program: Program, maya: str
) -> None:
    nora = world.add_client("nora@example.com")
    booked = [
        program.post(
            "/appointments", json={"client_id": who, "starts_at": f"2026-12-0{day}T15:00:00Z"}
        ).json()
        for who, day in ((maya, 3), (nora, 1), (maya, 2), (nora, 9))
    ]
    ids = [one["id"] for one in booked]
    program.send("DELETE", f"/appointments/{ids[1]}")
    path, found = "/appointments?to=2026-12-05T00:00:00Z&limit=2", []
    while path and len(found) < 9:
        answer = program.get(path)
        found += answer.json()["data"]
        path = answer.headers.get("link", "").partition(">")[0].removeprefix("</api/v1")
    assert [one["id"] for one in found] == [ids[1], ids[2], ids[0]]
    assert [one["cancelled_at"] is None for one in found] == [False, True, True]
    hers = program.get(f"/appointments?client_id={nora}&to=2026-12-20T00:00:00Z").json()
    assert ([one["id"] for one in hers["data"]], hers["next_cursor"]) == ([ids[1], ids[3]], None)
    wrong = program.get("/appointments?cursor=abc")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/cursor")
