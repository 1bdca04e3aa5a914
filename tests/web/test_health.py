"""Signs of life mean what they say, also when nothing else answers."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from aftercare import queue
from aftercare.config import Settings
from aftercare.logs import configure_logging
from aftercare.migrations import downgrade, upgrade
from aftercare.testing.servers import PostgresServer
from aftercare.web import health
from tests.factories import World, make_world
from tests.web.visitor import Visitor

PATIENCE = 3.0
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_the_process_and_the_database_answer(world: World, visitor: Visitor) -> None:
    assert visitor.get("/healthz").json() == {"status": "ok"}
    assert visitor.get("/readyz").json() == {"status": "ok", "sweep_age_seconds": None, "broker": True}
    world.app.sweep()
    assert 0 <= visitor.get("/readyz").json()["sweep_age_seconds"] < timedelta(minutes=2).total_seconds()


def test_without_its_database_the_web_is_not_ready_but_alive(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("SELECT maya@example.com", None, Exception())

    monkeypatch.setattr(world.app, "reading", away)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "maya" not in answer.text
    assert visitor.get("/healthz").status_code == 200


def test_a_database_of_an_older_version_is_not_served(world: World, visitor: Visitor) -> None:
    url = world.app.settings.database
    world.app.engine.dispose()
    downgrade(url, "-1")
    answer = visitor.get("/readyz")
    assert (answer.status_code, "aftercare migrate" in answer.json()["detail"]) == (503, True)
    world.app.engine.dispose()
    upgrade(url)
    assert visitor.get("/readyz").status_code == 200


def test_a_broker_that_is_away_is_told_and_does_not_count(visitor: Visitor) -> None:
    queue.configure(Settings(broker_url="redis://127.0.0.1:1/0"))
    try:
        answer = visitor.get("/readyz")
    finally:
        queue.configure(Settings())
    assert (answer.status_code, answer.json()["broker"]) == (200, False)


def test_a_stopped_postgresql_is_said_at_once_and_used_again_when_it_is_back(tmp_path: Path) -> None:
    with PostgresServer(durable=True) as server:
        url = server.new_database("aftercare")
        upgrade(url)
        visitor = Visitor(make_world(url, tmp_path, MONDAY))
        assert visitor.get("/readyz").status_code == 200
        server.kill()
        began = time.monotonic()
        assert visitor.get("/readyz").status_code == 503
        assert time.monotonic() - began < PATIENCE
        server.start()
        assert visitor.get("/readyz").status_code == 200
        visitor.world.app.close()


def test_a_database_that_says_nothing_holds_up_neither_sign_of_life(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = threading.Event()
    monkeypatch.setattr(world.app, "reading", silent.wait)
    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.3)
    try:
        for path, status in (("/readyz", 503), ("/readyz", 503), ("/healthz", 200)):
            began = time.monotonic()
            assert visitor.get(path).status_code == status
            assert time.monotonic() - began < PATIENCE / 2
    finally:
        monkeypatch.undo()
        silent.set()
    assert visitor.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/u/some-token?email=maya@example.com", "/u/{token}", 404),
        ("/api/v1/clients/cli_some-token", "/api/v1/clients/{client_id}", 401),
        ("/some-token/maya@example.com", "no route", 404),
        ("/static/some-token", "/static", 404),
    ],
)
def test_requests_are_logged_by_route_and_never_by_address(
    path: str,
    route: str,
    status: int,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AFTERCARE_LOG", "json")
    configure_logging()
    visitor.get(path, headers={"X-Request-Id": "req-9"})
    visitor.get("/healthz")
    printed = capsys.readouterr().err
    [line] = [json.loads(line) for line in printed.splitlines() if '"request"' in line]
    assert (line["route"], line["status"], line["request_id"]) == (route, status, "req-9")
    assert line["ms"] >= 0
    assert "some-token" not in printed
    assert "maya" not in printed
