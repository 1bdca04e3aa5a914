"""What must never become a 500, an echo or a second recipient (reliability section 8)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.visitor import Program, Visitor

CLIENT = {"email": "anna@example.com", "first_name": "Anna"}
KNOWN = {"email", "first_name", "timezone", "country", "language", "consent", "topics", "source", "wording"}
KNOWN |= {"client_id", "ended_at", "outcome", "service", "first_session", "held_at", "aftercare", "ordinary"}
SESSION = {"client_id": "cli_" + "a" * 24, "ended_at": "2026-11-23T14:00:00Z", "outcome": "ordinary"}

BAD_CLIENTS: list[tuple[dict[str, Any], str]] = [
    ({"first_name": "Ann\r\nBcc: x@y.example"}, "/first_name"),
    ({"first_name": "Ann\x00"}, "/first_name"),
    ({"first_name": "A" * 101}, "/first_name"),
    ({"first_name": "A" * 2000}, "/first_name"),
    ({"first_name": "\ud800"}, "/first_name"),
    ({"first_name": 7}, "/first_name"),
    ({"first_name": ["Ann"]}, "/first_name"),
    ({"email": '"x@evil.example y"@clinic.example'}, "/email"),
    ({"email": "a@x.example(<b@y.example>"}, "/email"),
    ({"email": "a@x.example, b@y.example"}, "/email"),
    ({"email": "<a@x.example> b@y.example"}, "/email"),
    ({"email": "a@x.example\nb@y.example"}, "/email"),
    ({"email": "anna\u200d@example.com"}, "/email"),
    ({"email": "anna@ex\u2028ample.com"}, "/email"),
    ({"email": "anna@x\x00.example"}, "/email"),
    ({"email": "a" * 400 + "@example.com"}, "/email"),
    ({"email": None}, "/email"),
    ({"timezone": "anna@example.com"}, "/timezone"),
    ({"timezone": "../../etc/passwd"}, "/timezone"),
    ({"timezone": "Mars/Olympus"}, "/timezone"),
    ({"country": "Great Britain"}, "/country"),
    ({"country": "G\x00"}, "/country"),
    ({"language": "english"}, "/language"),
    ({"language": "fr_FR"}, "/language"),
    ({"consent": {"topics": ["aftercare"], "source": "", "wording": ""}}, "/consent"),
    ({"consent": {"topics": ["horoscopes"], "source": "form", "wording": "Yes."}}, "/consent/topics"),
    ({"consent": {"topics": ["aftercare"], "source": "form", "wording": "Y\x00"}}, "/consent/wording"),
    ({"consent": {"topics": "aftercare", "source": "form", "wording": "Yes."}}, "/consent/topics"),
    ({"held_at": "2026-01-01T00:00:00Z"}, "/held_at"),
    ({"anna@example.com": 1}, ""),
]


BAD_SESSIONS: list[tuple[dict[str, Any], str]] = [
    ({"ended_at": "2026-11-23T14:00:00"}, "/ended_at"),
    ({"ended_at": "yesterday"}, "/ended_at"),
    ({"ended_at": 1764000000}, "/ended_at"),
    ({"ended_at": 2**70}, "/ended_at"),
    ({"ended_at": "2026-02-30T14:00:00Z"}, "/ended_at"),
    ({"ended_at": "9999-12-31T23:59:59Z"}, "/ended_at"),
    ({"ended_at": "0001-01-01T00:00:00+14:00"}, "/ended_at"),
    ({"outcome": "wonderful"}, "/outcome"),
    ({"service": "massage\x00"}, "/service"),
    ({"first_session": "true"}, "/first_session"),
    ({"first_session": 1}, "/first_session"),
    ({"id": "ses_mine"}, "/id"),
]


def strings(value: Any) -> Iterator[str]:
    """Every string that was sent, short ones apart."""
    if isinstance(value, dict | list):
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        yield from (text for part in parts for text in strings(part) if text not in KNOWN)
    elif isinstance(value, str) and len(value) > 3:
        yield value


@pytest.mark.parametrize(
    ("path", "good", "table"), [("/clients", CLIENT, BAD_CLIENTS), ("/sessions", SESSION, BAD_SESSIONS)]
)
def test_a_bad_value_is_refused_by_field_and_never_echoed(
    world: World, program: Program, path: str, good: dict[str, Any], table: list[tuple[dict[str, Any], str]]
) -> None:
    before = table_hash(world.app.engine)
    for wrong, pointer in table:
        body = json.dumps(good | wrong)
        answer = program.post(path, content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), (
            wrong
        )
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer], wrong
        assert [text for text in strings(good | wrong) if text in answer.text] == []
    assert table_hash(world.app.engine) == before


def test_one_address_in_several_spellings_is_one_person(program: Program) -> None:
    assert program.post("/clients", json={"email": "anna@xn--mnchen-3ya.example"}).status_code == 201
    for spelling in ("anna@münchen.example", " ANNA@MÜNCHEN.example", "anna@münchen．example"):
        assert program.post("/clients", json={"email": spelling}).status_code == 409, spelling


BODIES: list[tuple[str, bytes, int]] = [
    ("application/json", b"{", 400),
    ("application/json", b"\xff\xfe", 400),
    ("application/json", b'{"email": "a@example.com", "email": "b@example.com"}', 400),
    ("application/json", b'{"email": NaN}', 400),
    ("application/json", b"[" * 10_000 + b"]" * 10_000, 400),
    ("application/json", b'{"a":' * 100_000, 400),
    ("application/json", b'{"email": ' + b"9" * 5000 + b"}", 400),
    ("application/json", b'{"email": 1e400}', 422),
    ("application/json", b'{"email": 99999999999999999999999}', 422),
    ("application/json", b"null", 422),
    ("application/json", b"[]", 422),
    ("application/json", b'"a@example.com"', 422),
    ("application/json", b"", 422),
    ("application/json", b'{"email": "' + b"a" * 1_000_001 + b'"}', 413),
    ("text/plain", b'{"email": "a@example.com"}', 415),
    ("application/x-www-form-urlencoded", b"email=a@example.com", 415),
    ("", b'{"email": "a@example.com"}', 415),
]


def test_a_bad_body_is_refused_and_changes_nothing(world: World, program: Program) -> None:
    before = table_hash(world.app.engine)
    for media_type, body, status in BODIES:
        answer = program.post("/clients", content=body, headers={"Content-Type": media_type})
        assert answer.headers["content-type"] == "application/problem+json", body[:60]
        assert (answer.status_code, answer.json()["status"]) == (status, status), body[:60]
        assert "Traceback" not in answer.text
    assert table_hash(world.app.engine) == before


def test_a_body_without_a_declared_length_is_cut_off_too(program: Program) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 50_000

    answer = program.post("/clients", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_an_address_that_cannot_exist_is_not_found(program: Program) -> None:
    for part in ("/clients/%00", "/clients/cli_%F0%9F%92%A9", "/clients/cli_x?id=1&id=2", "/nothing"):
        answer = program.get(part)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_link_that_cannot_exist_is_answered_kindly(visitor: Visitor) -> None:
    for part in ("/u/%00", "/u/x", "/u/..%2f..%2fetc", "/u/" + "A" * 5000, "/guides/%00"):
        answer = visitor.get(part)
        assert answer.status_code == 404
        assert ("That link has been cut short" in answer.text) is part.startswith("/u/")


def test_an_address_that_does_not_exist_is_answered_kindly(visitor: Visitor) -> None:
    answer = visitor.get("/nothing")
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


def test_an_unforeseen_fault_shows_neither_traceback_nor_what_was_sent(
    world: World,
    program: Program,
    maya: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise RuntimeError("anna@example.com")

    monkeypatch.setattr(world.app.clock, "now", fail)
    answer = program.post("/clients", json=CLIENT, headers={"X-Request-Id": "req-7"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "req-7")
    assert answer.json()["instance"].endswith("req-7")
    printed = capsys.readouterr()
    assert "RuntimeError" in printed.out + printed.err
    assert "anna@example.com" not in answer.text + printed.out + printed.err


def test_a_strange_request_id_is_replaced(visitor: Visitor) -> None:
    for given in ("", "a b", "x" * 65, "<script>", "é"):
        answer = visitor.get("/healthz", headers={"X-Request-Id": given.encode()})
        assert len(answer.headers["x-request-id"]) == 32
