"""`aftercare demo`"""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli import demo_cast, demo_report, demo_run
from aftercare.cli.opening import JsonOption, say
from aftercare.clock import SystemClock
from aftercare.errors import InvalidInput
from aftercare.logs import configure_logging
from aftercare.testing.smtp import RecordingServer


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Run the main job and end.")] = False,
    days: Annotated[int, typer.Option(min=0, max=3660, help="Up to the end of local day N.")] = 14,
    start: Annotated[str, typer.Option(help="Day 0, for example 2026-03-27; today if empty.")] = "",
    sessions: Annotated[Path | None, typer.Option(help="JSON file of sessions to log instead.")] = None,
    out: Annotated[Path, typer.Option(help="Where .eml and HTML files go.")] = Path("demo-out"),
    as_json: JsonOption = False,
) -> None:
    """The main job on simulated time: sessions are logged, workers plan and send, an SMTP server receives."""
    configure_logging()
    if not headless:
        say("The sandbox in the browser comes later; this is the headless run.")
    visits = demo_cast.read_cast(sessions) if sessions else demo_cast.default_cast(_day(start))
    demo_report.clear(out)
    first_day = _day(start) if start else min(visit.local_date for visit in visits)
    with tempfile.TemporaryDirectory(prefix="aftercare-demo-") as folder, RecordingServer() as server:
        done = demo_run.run(Path(folder), server.url, visits, first_day=first_day, days=days)
        contents = [mail.content for mail in server.received]
        rows = demo_report.received_rows(done, contents)
        line, adds_up = demo_report.sum_line(done, len(contents))
        done.app.close()
    count = demo_report.write_files(out, contents, {row["message_id"]: row for row in rows})
    print(json.dumps(rows, indent=2) if as_json else demo_report.who_got_what_when(rows))
    _tell(done, line, count, out)
    if not adds_up:
        raise typer.Exit(1)


def _tell(done: demo_run.Demo, line: str, count: int, out: Path) -> None:
    for client, notes in done.notes.items():
        for note in notes:
            if note != "planned":
                say(f"{client}: nothing planned ({note})")
    say(f"{count} emails as .eml and .html in {out.resolve()}")
    say(line)


def _day(text: str) -> date:
    if not text:
        return SystemClock().now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("--start", "write a date like 2026-03-27") from None
