"""`aftercare demo`"""

import json
import logging
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from aftercare.cli import demo_cast, demo_report, demo_run, demo_serve
from aftercare.cli.listening import until_told_to_end
from aftercare.cli.opening import JsonOption, say
from aftercare.clock import SystemClock
from aftercare.errors import InvalidInput
from aftercare.logs import configure_logging
from aftercare.testing.smtp import RecordingServer

STARTED = "AFTERCARE_DEMO_STARTED"
"""When `make demo` was typed, in seconds since 1970: what it had to build counts too."""


@dataclass(frozen=True)
class MainJob:
    """What the headless run came to. `first_at`: when the first email arrived, by the real clock."""

    rows: Sequence[dict[str, Any]]
    contents: Sequence[bytes]
    notes: Sequence[str]
    sum_line: str
    adds_up: bool
    first_at: datetime | None


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Run the main job and end.")] = False,
    days: Annotated[int, typer.Option(min=0, max=3660, help="Up to the end of local day N.")] = 14,
    start: Annotated[str, typer.Option(help="Day 0, for example 2026-03-27; today if empty.")] = "",
    sessions: Annotated[Path | None, typer.Option(help="JSON file of sessions to log instead.")] = None,
    out: Annotated[Path, typer.Option(help="Where .eml and HTML files go.")] = Path("demo-out"),
    as_json: JsonOption = False,
    folder: Annotated[Path, typer.Option(help="Where the sandbox lives.")] = Path("demo-data"),
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the sandbox.")] = None,
    intro: Annotated[bool, typer.Option("--intro/--no-intro", help="First run the main job.")] = True,
) -> None:
    """The main job on simulated time, then the sandbox in the browser; with --headless only the main job."""
    configure_logging(level=None if headless else logging.WARNING)
    if headless:
        _headless(days, start, sessions, out, as_json=as_json)
        return
    with until_told_to_end():
        if intro:
            _introduce(days, start, sessions)
        demo_serve.serve(folder, port)


def _headless(days: int, start: str, sessions: Path | None, out: Path, *, as_json: bool) -> None:
    """Sessions are logged, workers plan and send, an SMTP server receives."""
    demo_report.clear(out)
    done = _main_job(days, start, sessions)
    count = demo_report.write_files(out, done.contents, {row["message_id"]: row for row in done.rows})
    print(json.dumps(done.rows, indent=2) if as_json else demo_report.who_got_what_when(done.rows))
    _tell(done, f"{count} emails as .eml and .html in {out.resolve()}")
    if not done.adds_up:
        raise typer.Exit(1)


def _introduce(days: int, start: str, sessions: Path | None) -> None:
    """The main job in short, and how long somebody waited for its first email."""
    began = _began()
    print(f"A clinic logs its sessions; {days} days pass ...", flush=True)
    done = _main_job(days, start, sessions)
    print(demo_report.who_got_what_when(done.rows), flush=True)
    _tell(done)
    if done.first_at is not None:
        print(f"first email after {(done.first_at - began).total_seconds():.0f} s", flush=True)
    if not done.adds_up:
        raise typer.Exit(1)


def _main_job(days: int, start: str, sessions: Path | None) -> MainJob:
    visits = demo_cast.read_cast(sessions) if sessions else demo_cast.default_cast(_day(start))
    first_day = _day(start) if start else min(visit.local_date for visit in visits)
    arrivals: list[datetime] = []
    clock = SystemClock()
    with (
        tempfile.TemporaryDirectory(prefix="aftercare-demo-") as folder,
        RecordingServer(keep=lambda _: arrivals.append(clock.now())) as server,
    ):
        done = demo_run.run(Path(folder), server.url, visits, first_day=first_day, days=days)
        contents = [mail.content for mail in server.received]
        rows = demo_report.received_rows(done, contents)
        line, adds_up = demo_report.sum_line(done, len(contents))
        done.app.close()
    notes = [
        f"{client}: nothing planned ({note})"
        for client, told in done.notes.items()
        for note in told
        if note != "planned"
    ]
    return MainJob(rows, contents, notes, line, adds_up, min(arrivals, default=None))


def _tell(done: MainJob, *more: str) -> None:
    for line in (*done.notes, *more, done.sum_line):
        say(line)


def _began() -> datetime:
    with suppress(KeyError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(os.environ[STARTED]), UTC)
    return SystemClock().now()


def _day(text: str) -> date:
    if not text:
        return SystemClock().now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("--start", "write a date like 2026-03-27") from None
