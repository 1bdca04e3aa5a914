"""`aftercare demo` as a process: it serves, ends at once when told to, and goes on where it stopped."""

import fcntl
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from aftercare.cli import main
from aftercare.cli.demo_serve import DATABASE

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
ENDS_WITHIN_SECONDS = 5
DEMO = [sys.executable, "-m", "aftercare.cli", "demo", "--no-intro"]


class Demo:
    """One run of it, with a browser in which the owner is signed in."""

    def __init__(self, folder: Path, port: str = "0") -> None:
        self.log = folder.with_suffix(".log")
        with self.log.open("ab") as log:
            command = [*DEMO, "--folder", str(folder), *(["--port", port] if port else [])]
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.started_at = self.log.read_text().count("is open")
        wait_until(lambda: self.url != "" or self.process.poll() is not None)
        self.browser = httpx.Client(base_url=self.url, follow_redirects=True, timeout=PATIENCE_SECONDS)
        self.page = self.browser.get("/").text

    @property
    def url(self) -> str:
        found = re.findall(r"is open:\s+(\S+)", self.log.read_text())
        return found[-1] if len(found) > self.started_at else ""

    def travel(self, to: str) -> None:
        token = re.findall(r'name="csrf" value="(\w+)"', self.page)[0]
        assert self.browser.post("/sandbox/travel", data={"csrf": token, "to": to}).status_code == 200

    def has_arrived(self) -> bool:
        return "Travelling" not in self.browser.get("/sandbox/bar").text

    def end(self, by: signal.Signals) -> int:
        self.browser.close()
        self.process.send_signal(by)
        return self.process.wait(ENDS_WITHIN_SECONDS)


@pytest.fixture
def demos(folder: Path) -> Iterator[Callable[..., Demo]]:
    """Starts demos of the same folder, and leaves none behind."""
    started: list[Demo] = []

    def start(port: str = "0") -> Demo:
        started.append(Demo(folder, port))
        return started[-1]

    yield start
    for demo in started:
        demo.process.kill()
        demo.process.wait()


def test_it_ends_in_mid_journey_and_goes_on_with_nothing_twice(
    demos: Callable[..., Demo], folder: Path
) -> None:
    real = folder / "aftercare.sqlite3"  # what `aftercare serve` keeps in a folder
    real.write_bytes(b"a real clinic")
    before = sent(folder)
    first = demos()
    assert "Willow Lane Clinic" in first.page
    wait_until(first.has_arrived)
    first.travel("next")
    wait_until(lambda: sent(folder) > before)
    wait_until(first.has_arrived)
    before = sent(folder)
    first.travel("week")
    wait_until(lambda: sent(folder) > before)
    assert first.end(signal.SIGINT) == 0
    halfway = sent(folder)

    again = demos(port="")
    assert again.url == first.url
    wait_until(again.has_arrived)
    assert sent(folder) > halfway
    assert again.end(signal.SIGTERM) == 0
    assert attempts_of_the_same_email(folder) == 1
    assert len(list((folder / "outbox").glob("*.eml"))) == sent(folder)
    assert "Traceback" not in again.log.read_text()
    assert real.read_bytes() == b"a real clinic"


def test_a_folder_in_use_is_said_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert refused(monkeypatch, "--folder", str(folder)) == 4
    assert "running already" in only_line(capsys)


def test_a_taken_port_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refused(monkeypatch, "--folder", str(tmp_path), "--port", port) == 2
    assert "--port" in only_line(capsys)


def refused(monkeypatch: pytest.MonkeyPatch, *options: str) -> object:
    """The exit code of a demo that cannot start."""
    monkeypatch.setattr("sys.argv", ["aftercare", "demo", "--no-intro", *options])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def only_line(capsys: pytest.CaptureFixture[str]) -> str:
    [line] = capsys.readouterr().err.splitlines()
    return str(line)


def sent(folder: Path) -> int:
    return ask(folder, "SELECT count(*) FROM message WHERE state = 'sent'")


def attempts_of_the_same_email(folder: Path) -> int:
    return ask(folder, "SELECT max(attempts) FROM message")


def ask(folder: Path, query: str) -> int:
    with closing(sqlite3.connect(folder / DATABASE, timeout=30)) as connection:
        return int(connection.execute(query).fetchone()[0])


def wait_until(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < give_up, "it did not happen within a minute"
        time.sleep(0.02)
