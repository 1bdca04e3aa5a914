"""Our own programs as real processes that can be killed: workers, beats, the recording SMTP server.

Each leads a process group of its own, and none outlives this Python, however it dies. Linux: children and
CPU seconds are read from /proc."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

# Told to the shell that outlives us: when our end of its stdin closes, the whole group goes.
WATCH = 'read -r _; kill -s KILL -- "-$1" 2>/dev/null'
STOP_SECONDS = 30


@dataclass
class Running:
    """One program. `log` holds what it wrote on stdout and stderr."""

    name: str
    popen: "subprocess.Popen[bytes]"
    log: Path
    watcher: "subprocess.Popen[bytes]"

    @property
    def pid(self) -> int:
        """The id of the process, and of its group."""
        return self.popen.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process that we started (the parent) still runs."""
        return self.popen.poll() is None

    def children(self) -> list[int]:
        """Its child processes: with Celery's prefork pool, those that do the work."""
        return children_of(self.pid)

    def cpu_seconds(self) -> float:
        """CPU time that the process itself has used so far, without its children."""
        fields = _read(Path(f"/proc/{self.pid}/stat")).rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0

    def kill_parent(self) -> None:
        """SIGKILL to the process alone; its children are orphans."""
        self.popen.kill()
        self.popen.wait()

    def kill_group(self) -> None:
        """SIGKILL to it and all its children at once."""
        kill_quietly(-self.pid, signal.SIGKILL)
        self.popen.wait()

    def terminate(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM, the polite stop; the exit code. TimeoutExpired where it takes longer than `seconds`."""
        self.popen.terminate()
        return self.popen.wait(seconds)


class Processes:
    """Starts programs with `environment` added to ours and ends them all at the end of the `with` block.

    Their logs lie in `folder`; `root` is where `worker.py` lies."""

    def __init__(self, folder: Path, root: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.root = root
        self.environment = dict(environment)
        self._started: list[Running] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for running in self._started:
            running.kill_group()
            running.watcher.kill()
            running.watcher.wait()

    def worker(self, name: str, *, concurrency: int = 1) -> Running:
        """`celery -A worker worker`, prefork. Its database connections carry `name` (PostgreSQL)."""
        options = ["--pool", "prefork", "--concurrency", str(concurrency), "--hostname", f"{name}@here"]
        return self._celery(name, "worker", *options)

    def beat(self, name: str) -> Running:
        """`celery -A worker beat`."""
        return self._celery(name, "beat")

    def smtp(self, record: Path, *, delay_ms: int = 0) -> tuple[Running, str]:
        """The recording SMTP server, and its URL."""
        options = ["--record", str(record), "--delay-ms", str(delay_ms)]
        running = self.start(
            f"smtp-{record.stem}", "aftercare.testing.smtp", *options, stdout=subprocess.PIPE
        )
        assert running.popen.stdout is not None
        port = int(running.popen.stdout.readline())
        return running, f"smtp://127.0.0.1:{port}"

    def start(self, name: str, module: str, *arguments: str, stdout: int | None = None) -> Running:
        """`python -m module arguments`, in a process group of its own."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as file:
            popen = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self.root,
                env={**os.environ, **self.environment, "PGAPPNAME": name},
                stdin=subprocess.DEVNULL,
                stdout=stdout if stdout is not None else file,
                stderr=file,
                start_new_session=True,
            )
        watcher = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, "watch", str(popen.pid)], stdin=subprocess.PIPE, start_new_session=True
        )
        running = Running(name, popen, log, watcher)
        self._started.append(running)
        return running

    def _celery(self, name: str, command: str, *options: str) -> Running:
        return self.start(name, "celery", "-A", "worker", command, *options)


def kill_quietly(pid: int, number: int) -> None:
    """Send a signal to a process, or with a negative number to a group, that may be gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def children_of(pid: int) -> list[int]:
    """The child processes of a process, as far as it has any."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return sorted(int(child) for path in lists for child in _read(path).split())


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    state = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[:1]
    return state not in ([], ["Z"], ["X"])


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
