"""Idempotency-Key: a program that never saw the answer asks again, and nothing happens twice."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftercare.clock import SteppedClock
from aftercare.flows import clinics, preview
from aftercare.store import idempotency
from aftercare.testing.tables import table_hash
from aftercare.web.app import create_app
from tests.factories import CLINIC, World
from tests.web.conftest import MONDAY_14
from tests.web.test_api import ANNA, session_of
from tests.web.visitor import Program, Visitor, program_of

REPLAYED = "idempotency-replayed"
AT_ONCE, ROUNDS = 6, 5
ANOTHER: dict[str, Callable[[int], dict[str, str]]] = {
    "/clients": lambda number: {"email": f"anna-{number}@example.com"},
    "/appointments": lambda number: {"starts_at": f"2026-12-{number + 1:02}T15:00:00Z"},
}
"""What must differ where the same body twice would be refused."""


def post(program: Program, path: str, body: dict[str, Any], key: str = "key-1") -> httpx.Response:
    """One POST under this key."""
    return program.post(path, json=body, headers={"Idempotency-Key": key})


def bodies(client_id: str) -> list[tuple[str, dict[str, Any]]]:
    """A body for each address that takes a POST."""
    visit = {"client_id": client_id, "starts_at": "2026-12-01T15:00:00Z"}
    return [("/clients", ANNA), ("/sessions", session_of(client_id)), ("/appointments", visit)]


def test_the_list_above_names_every_post_and_each_tells_of_the_header(world: World, maya: str) -> None:
    paths = Visitor(world).get("/api/openapi.json").json()["paths"]
    posts = {path.removeprefix("/api/v1"): calls["post"] for path, calls in paths.items() if "post" in calls}
    posts.pop("/newsletters/{issue_id}/schedule")  # requires the header; see test_newsletters_api.py
    assert set(posts) == {path for path, _ in bodies(maya)}
    for call in posts.values():
        [header] = [one for one in call["parameters"] if one["in"] == "header"]
        assert (header["name"], header["required"]) == ("Idempotency-Key", False)


def test_the_same_request_again_is_given_the_same_answer_and_changes_nothing(
    world: World, program: Program, maya: str
) -> None:
    for number, (path, body) in enumerate(bodies(maya)):
        first = post(program, path, body, f"key-{number}")
        world.app.drain()
        before = table_hash(world.app.engine)
        again = post(program, path, body, f"key-{number}")
        assert (first.status_code, REPLAYED in first.headers) == (201, False)
        assert (again.status_code, again.headers[REPLAYED]) == (201, "true")
        assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])
        assert again.headers["content-type"] == first.headers["content-type"] == "application/json"
        assert table_hash(world.app.engine) == before


def test_a_key_with_another_request_is_refused(world: World, program: Program, maya: str) -> None:
    post(program, "/clients", ANNA)
    before = table_hash(world.app.engine)
    others = [("/clients", ANNA | {"first_name": "Ann"}), ("/sessions", session_of(maya))]
    for path, body in others:
        answer = post(program, path, body)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert "Idempotency-Key" in answer.json()["detail"]
    assert table_hash(world.app.engine) == before


def test_a_key_is_the_clinics_own(world: World, program: Program) -> None:
    with world.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC), by="test", now=MONDAY_14).id
    first, theirs = (post(one, "/clients", ANNA) for one in (program, program_of(world, other)))
    assert (first.status_code, theirs.status_code) == (201, 201)
    assert first.json()["id"] != theirs.json()["id"]
    assert post(program_of(world), "/clients", ANNA).json() == first.json()


@pytest.mark.parametrize(
    "key",
    [b"", b"two words", b"k" * 256, b"k\xc3\xa9y", b"tab\tbed"],
    ids=["none", "two", "long", "e", "tab"],
)
def test_a_key_that_cannot_be_used_is_refused(world: World, program: Program, key: bytes) -> None:
    before = table_hash(world.app.engine)
    answer = program.send("POST", "/clients", json=ANNA, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert table_hash(world.app.engine) == before


@given(key=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_visible_ascii_is_a_key(program: Program, key: str) -> None:
    body = ANNA | {"email": f"{abs(hash(key))}@example.com"}
    first, again = post(program, "/clients", body, key), post(program, "/clients", body, key)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers[REPLAYED] == "true"


def test_an_error_is_not_kept(program: Program, maya: str) -> None:
    late = session_of("cli_" + "a" * 24)
    assert post(program, "/sessions", late).status_code == 404
    assert post(program, "/clients", ANNA | {"email": "maya@example.com"}).status_code == 409
    answer = post(program, "/sessions", session_of(maya))
    assert (answer.status_code, REPLAYED in answer.headers) == (201, False)


def test_a_request_that_broke_half_way_is_done_anew(
    world: World, program: Program, maya: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the process died")

    before = table_hash(world.app.engine)
    with monkeypatch.context() as patch:
        patch.setattr(preview, "preview_session", broken)
        assert post(program, "/sessions", session_of(maya)).status_code == 500
    assert table_hash(world.app.engine) == before
    answer = post(program, "/sessions", session_of(maya))
    assert (answer.status_code, REPLAYED in answer.headers) == (201, False)


def test_an_answer_is_kept_for_a_day(world: World, program: Program) -> None:
    clock = world.app.clock
    assert isinstance(clock, SteppedClock)
    first = post(program, "/clients", ANNA)
    clock.advance(timedelta(hours=23, minutes=59))
    world.app.sweep()
    assert post(program, "/clients", ANNA).json() == first.json()
    clock.advance(timedelta(minutes=2))
    world.app.sweep()
    assert post(program, "/clients", ANNA).status_code == 409


def at_once(program: Program, path: str, bodies: Sequence[dict[str, Any]], key: str) -> list[httpx.Response]:
    """The answers to requests that are made in the same moment; each is worked on by a thread of its own."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(create_app(program.world.app))
        headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": key}
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
            sent = [client.post(f"/api/v1{path}", json=body, headers=headers) for body in bodies]
            return await asyncio.gather(*sent)

    return asyncio.run(all_of_them())


def test_identical_requests_at_once_have_one_effect_and_one_answer(
    world: World, program: Program, maya: str
) -> None:
    for number in range(ROUNDS):
        for path, body in bodies(maya):
            new = body | ANOTHER.get(path, lambda _: {})(number)
            answers = at_once(program, path, [new] * AT_ONCE, f"{path}-{number}")
            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.content for answer in answers}) == 1
            assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    timeline = program.get(f"/clients/{maya}/timeline").json()
    assert len(timeline["sessions"]) == 1 + ROUNDS


def test_different_requests_at_once_with_one_key_have_one_effect(program: Program) -> None:
    people = [ANNA | {"email": f"anna-{number}@example.com"} for number in range(AT_ONCE)]
    answers = at_once(program, "/clients", people, "key-1")
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * (AT_ONCE - 1)


def test_who_has_waited_long_for_the_first_answer_is_told_when_to_come_back(
    world: World, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    if world.app.engine.dialect.name == "sqlite":
        return  # one writer at a time: nobody gets as far as waiting for a key
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.1)
    with world.app.transaction() as db:
        idempotency.take(db, world.clinic_id, "key-1", "0" * 64, unshifted=MONDAY_14)
        answer = post(program, "/clients", ANNA)
        assert (answer.status_code, answer.headers["retry-after"]) == (409, "2")
        db.rollback()
    assert post(program, "/clients", ANNA).status_code == 201
