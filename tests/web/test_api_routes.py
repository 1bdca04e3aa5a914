"""Every call of the REST interface: without a token, and with the token of another clinic.

The calls are read off the application itself: one that is new and has no case here fails."""

from dataclasses import dataclass, replace
from string import Template
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from aftercare.flows import clinics
from aftercare.testing.tables import table_hash
from aftercare.web.app import create_app
from tests.factories import CLINIC, World
from tests.journeys.issues import new_issue
from tests.web.conftest import MONDAY_14
from tests.web.one_database import database_url
from tests.web.visitor import Program, Visitor, program_of

__all__ = ["database_url"]

API = "/api/v1"
NOBODY = {
    "client_id": "cli_" + "a" * 24,
    "session_id": "ses_" + "a" * 24,
    "issue_id": "iss_" + "a" * 24,
    "appointment_id": "apt_" + "a" * 24,
}
WRONG_TOKENS = (None, b"Bearer", b"Bearer act_wrong", b"Basic YTpi", b"Bearer \xff")


@dataclass(frozen=True)
class Case:
    """A call with a body that would be taken. `names`: whether it names something that a clinic owns."""

    body: dict[str, Any] | None = None
    names: bool = True

    def send(self, by: Visitor, call: str, ids: dict[str, str], **what: Any) -> httpx.Response:
        """Make this call about these things, with a key of its own."""
        what.setdefault("headers", {"Idempotency-Key": call.replace(" ", "")})
        method, _, path = call.partition(" ")
        body = self.body and {
            field: Template(value).substitute(ids) if isinstance(value, str) else value
            for field, value in self.body.items()
        }
        return by.send(method, path.format(**ids), **what, json=body)


CASES = {
    "POST /clients": Case({"email": "anna@example.com"}, names=False),
    "GET /clients/{client_id}": Case(),
    "PATCH /clients/{client_id}": Case({"timezone": "Europe/Paris"}),
    "PUT /clients/{client_id}/hold": Case({"reason": ""}),
    "DELETE /clients/{client_id}/hold": Case(),
    "GET /clients/{client_id}/timeline": Case(),
    "GET /plan": Case(names=False),
    "GET /newsletters": Case(names=False),
    "POST /newsletters/{issue_id}/schedule": Case({"hour": "2026-12-01T10:00"}),
    "DELETE /newsletters/{issue_id}/schedule": Case(),
    "POST /sessions": Case(
        {"client_id": "$client_id", "ended_at": "2026-11-23T14:00:00Z", "outcome": "ordinary"}
    ),
    "PATCH /sessions/{session_id}": Case({"outcome": "ordinary"}),
    "DELETE /sessions/{session_id}": Case(),
    "POST /appointments": Case({"client_id": "$client_id", "starts_at": "2026-12-03T14:00:00Z"}),
    "GET /appointments": Case(names=False),
    "GET /appointments?client_id={client_id}": Case(),
    "PATCH /appointments/{appointment_id}": Case({"starts_at": "2026-12-02T14:00:00Z"}),
    "DELETE /appointments/{appointment_id}": Case(),
}


@pytest.fixture
def hers(program: Program, maya: str) -> dict[str, str]:
    """The ids of Maya, of her session and of her appointment, and of an issue."""
    session = program.get(f"/clients/{maya}/timeline").json()["sessions"][0]
    booked = program.post("/appointments", json={"client_id": maya, "starts_at": "2026-12-01T14:00:00Z"})
    issue = new_issue(program.world)
    ids = {"client_id": maya, "session_id": session["id"], "issue_id": issue}
    return ids | {"appointment_id": booked.json()["id"]}


@pytest.fixture
def stranger(world: World) -> Program:
    """A program of another clinic."""
    with world.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC), by="test", now=MONDAY_14).id
    return program_of(world, other)


def test_every_call_has_a_case(world: World) -> None:
    found = {
        f"{method} {context.path.removeprefix(API)}"
        for context in iter_route_contexts(create_app(world.app).routes)
        if (context.path or "").startswith(API)
        for method in context.methods or ()
    }
    assert found == {call.partition("?")[0] for call in CASES}


def test_another_clinics_things_do_not_exist(world: World, stranger: Program, hers: dict[str, str]) -> None:
    before = table_hash(world.app.engine)
    for call, case in CASES.items():
        if case.names:
            theirs = case.send(stranger, call, hers)
            nobodys = case.send(stranger, call, NOBODY)
            assert (theirs.status_code, nobodys.status_code) == (404, 404), call
            assert theirs.json()["detail"] == nobodys.json()["detail"]
    assert table_hash(world.app.engine) == before


def test_what_names_nothing_tells_nothing_of_another_clinic(
    world: World, stranger: Program, hers: dict[str, str]
) -> None:
    for call, case in CASES.items():
        if not case.names:
            answer = case.send(stranger, call, hers)
            assert answer.is_success, call
            assert not any(known in answer.text for known in (*hers.values(), "maya@", world.clinic_id))


def test_without_a_good_token_nothing_is_told_and_nothing_changes(
    world: World, visitor: Visitor, hers: dict[str, str]
) -> None:
    before = table_hash(world.app.engine)
    for token in WRONG_TOKENS:
        headers = {"Idempotency-Key": "key"} | ({} if token is None else {"Authorization": token})
        for call, case in CASES.items():
            method, _, path = call.partition(" ")
            answer = case.send(visitor, f"{method} {API}{path}", hers, headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), call
    assert table_hash(world.app.engine) == before


def test_a_call_with_a_good_token_does_reach_those_things(program: Program, hers: dict[str, str]) -> None:
    for call, case in CASES.items():
        assert case.send(program, call, hers).is_success, call
