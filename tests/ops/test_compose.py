"""The services of docker-compose.yml at work: a session goes in by REST, its email comes out by SMTP."""

import json
import socket
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from bench.ground import wait_until

from aftercare.clock import SystemClock
from aftercare.flows.checkup import CHECKS
from aftercare.testing.processes import Running
from aftercare.testing.servers import PostgresServer
from aftercare.testing.smtp import RecordingServer
from tests.ops.stack import OURS, SERVICES, Stack, grace_of, open_stack, shell_block

ZONES = ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Auckland")
HURRY = {"AFTERCARE_SWEEP_EVERY": "0.5"}
PATIENCE = 30.0
INIT = {
    "--name": "Willow Lane",
    "--email": "hello@clinic.example.com",
    "--postal-address": "12 Willow Lane, Leeds",
    "--phone": "0113 496 0000",
    "--hours": "Monday to Friday, 9:00 to 17:00",
    "--country": "GB",
    "--timezone": "Europe/London",
    "--reply-reader": "Alex",
    "--owner-name": "Robin",
    "--owner-email": "robin@clinic.example.com",
}
TALK = ("Aftercare listens on", "Stopped.", "worker: Warm shutdown")
DEPENDS_ON_THIS_COMPUTER = ("secrets", "web")


@pytest.fixture
def stack(
    tmp_path: Path, postgres_server: PostgresServer, redis_url: str, smtp_server: RecordingServer
) -> Iterator[Stack]:
    """Everything that the file's services need, none of them started. Secrets as the guide writes them."""
    subprocess.run(
        ["sh", "-eu", "-c", shell_block("production.md", "mkdir -m 700 secrets")], cwd=tmp_path, check=True
    )
    database = postgres_server.new_database("compose")
    written = (tmp_path / "secrets" / "database_url.txt").read_text().strip()
    assert written.startswith("postgresql://aftercare:")
    assert written.endswith("@postgres/aftercare")
    for name, text in (("database_url", database), ("smtp_url", smtp_server.url)):
        path = tmp_path / "secrets" / f"{name}.txt"
        path.chmod(0o600)
        path.write_text(text)
    here = {
        **{f"/run/secrets/{name}": f"{tmp_path}/secrets/{name}.txt" for name in SERVICES["web"]["secrets"]},
        "redis://redis:6379/0": redis_url,
        "8000": str(_free_port()),
    }
    with open_stack(Stack(tmp_path, here, HURRY)) as opened:
        yield opened
    postgres_server.drop_database("compose")


def test_a_session_logged_over_rest_becomes_an_email_and_all_stop_politely(
    stack: Stack, smtp_server: RecordingServer
) -> None:
    assert stack.start("migrate").popen.wait(PATIENCE) == 0
    running = {name: stack.start(name) for name in OURS if name != "migrate"}
    clinic = _Program(stack)
    clinic.log_session("maya@example.com")
    assert wait_until(lambda: len(smtp_server.received) == 1, PATIENCE)
    assert smtp_server.received[0].rcpt_tos == ("maya@example.com",)
    assert wait_until(lambda: all(map(stack.is_healthy, running)), PATIENCE)
    findings = {found["part"]: found for found in stack.run("doctor", "--only", _parts())}
    assert {part for part, found in findings.items() if found["state"] != "ok"} == {"database"}
    assert "fsync" in findings["database"]["found"]  # the server of the tests is quick, not safe
    # Without any beat the workers ask for sweeps themselves.
    assert running.pop("beat").terminate(grace_of("beat")) == 0
    clinic.log_session("anna@example.com")
    assert wait_until(lambda: len(smtp_server.received) == 2, PATIENCE)
    _stop(running)
    for process in running.values():
        assert all(json.loads(line) for line in process.log.read_text().splitlines() if not _is_talk(line))


class _Program:
    """The clinic's booking software, set up as the guide says."""

    def __init__(self, stack: Stack) -> None:
        made = stack.run("init", *(word for option in INIT.items() for word in option))
        assert made["link"].startswith("https://mail.clinic.example.com/join/")
        token = stack.run("token", "create", "booking")["token"]
        self._web = httpx.Client(
            base_url=f"http://127.0.0.1:{stack.given['8000']}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
        )

        assert wait_until(self._web_answers, PATIENCE)

    def log_session(self, email: str) -> None:
        """A new client, whose visit ended three hours ago in the middle of her day."""
        now = SystemClock().now()
        consent = {"topics": ["aftercare"], "source": "intake form", "wording": "Yes, please."}
        client = self._post("/clients", {"email": email, "timezone": _zone_at_day(now), "consent": consent})
        ended_at = (now - timedelta(hours=3, minutes=1)).isoformat()
        self._post("/sessions", {"client_id": client["id"], "ended_at": ended_at, "outcome": "ordinary"})

    def _web_answers(self) -> bool:
        try:
            return self._web.get("/").status_code > 0
        except httpx.ConnectError:
            return False

    def _post(self, path: str, body: dict[str, object]) -> dict[str, str]:
        answer = self._web.post(path, json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, str] = answer.json()
        return found


def _stop(running: dict[str, Running]) -> None:
    for process in running.values():
        process.popen.terminate()
    for name, process in running.items():
        # uvicorn ends by the signal that it was sent, once it has finished.
        assert process.popen.wait(grace_of(name)) in (0, -15)


def _parts() -> str:
    return ",".join(part for part in CHECKS if part not in DEPENDS_ON_THIS_COMPUTER)


def _is_talk(line: str) -> bool:
    return not line or line.startswith(TALK)


def _zone_at_day(now: datetime) -> str:
    return next(zone for zone in ZONES if 9 <= now.astimezone(ZoneInfo(zone)).hour < 19)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
