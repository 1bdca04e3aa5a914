"""docker-compose.yml without Docker: its own commands, settings and health checks, as local processes.

What Docker would give is put in by hand: hosts, the published port, secrets as files, /tmp of its own."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from aftercare import queue
from aftercare.cli import app
from aftercare.config import Settings
from aftercare.testing.processes import Processes, Running

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "aftercare"]
MODULES = {"aftercare": "aftercare.cli", "celery": "celery"}
ITS_TMP = "/tmp/"  # noqa: S108 - a container has one of its own
WRITTEN_TO_ENV = {
    "AFTERCARE_PUBLIC_URL": "https://mail.clinic.example.com",
    "AFTERCARE_MAIL_DOMAIN": "clinic.example.com",
}


@dataclass
class Stack:
    """The services of the file. `given`: what stands instead of what only Docker has, text for text."""

    folder: Path
    given: Mapping[str, str]
    hurry: Mapping[str, str]
    processes: ExitStack = field(default_factory=ExitStack)

    def environment(self, name: str) -> dict[str, str]:
        """The variables of a service."""
        own = self.folder / name
        own.mkdir(exist_ok=True)
        written = {
            key: self._filled(str(value).replace(ITS_TMP, f"{own}/"))
            for key, value in SERVICES[name]["environment"].items()
        }
        return written | dict(self.hurry)

    def start(self, name: str) -> Running:
        """Start a service by its own command."""
        program, *words = shlex.split(self._filled(SERVICES[name]["command"]))
        started = Processes(self.folder, ROOT, self.environment(name))
        return self.processes.enter_context(started).start(name, MODULES[program], *words)

    def run(self, *words: str) -> Any:
        """`docker compose exec web aftercare <words> --json`, its output read. In this process, because each
        new Python takes seconds on a busy computer."""
        before = os.environ.copy()
        os.environ.update(self.environment("web"))
        try:
            done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
        finally:
            os.environ.clear()
            os.environ.update(before)
            queue.configure(Settings())
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def is_healthy(self, name: str) -> bool:
        """The service's own health check."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        command = ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else [sys.executable, *words[1:]]
        filled = [self._filled(word).replace("$$", "$") for word in command]
        environment = os.environ | self.environment(name)
        return subprocess.run(filled, env=environment, capture_output=True, check=False).returncode == 0

    def _filled(self, text: str) -> str:
        text = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: WRITTEN_TO_ENV[found.group(1)], text)
        for old, new in self.given.items():
            text = text.replace(old, new)
        return text


@contextmanager
def open_stack(stack: Stack) -> Iterator[Stack]:
    """What was started ends with the block."""
    with stack.processes:
        yield stack


def grace_of(name: str) -> float:
    """How many seconds a service is given to stop."""
    return float(SERVICES[name]["stop_grace_period"].removesuffix("s"))


def shell_block(guide: str, mark: str) -> str:
    """The block of shell lines in a guide that contains `mark`."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "guide" / guide).read_text(), re.DOTALL)
    [block] = [block for block in blocks if mark in block]
    return str(block)
