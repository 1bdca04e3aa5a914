"""`aftercare sequence`: what a sequence file would do."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from aftercare.domain.caps import NO_CAPS, PACES, Caps, caps_at
from aftercare.domain.localtime import Anchor, parse_instant, parse_zone
from aftercare.domain.simulate import SimulatedStep
from aftercare.domain.simulate import simulate as simulated
from aftercare.domain.steps import SequenceSpec
from aftercare.domain.windows import Window
from aftercare.errors import AftercareError, InvalidInput
from aftercare.yamlfile import load

USAGE = 2

app = typer.Typer(no_args_is_help=True, help="Sequences: the timed series of emails.")


@app.callback()
def _group() -> None:
    """Keeps `simulate` a command with a name while it is the only one."""


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="A sequence.yaml; the step emails need not exist.")],
    anchor: Annotated[
        str, typer.Option(help="When the visit ended, local: 2026-03-28T18:00 (required).")
    ] = "",
    timezone: Annotated[str, typer.Option(help="The client's zone: Europe/London (required).")] = "",
    window: Annotated[str, typer.Option(help="Local sending hours; 00:00-24:00 is always.")] = "08:00-20:00",
    down: Annotated[list[str] | None, typer.Option(help="FROM..TO: no worker runs; repeatable.")] = None,
    moves: Annotated[list[str] | None, typer.Option(help="AT=ZONE: the client moves; repeatable.")] = None,
    fact: Annotated[list[str] | None, typer.Option(help="NAME=VALUE for only_if; repeatable.")] = None,
    no_caps: Annotated[
        bool, typer.Option("--no-caps", help="Leave out daily and weekly caps and the gap.")
    ] = False,
    pace: Annotated[str, typer.Option(help="weekly or monthly: the client asked for fewer emails.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show when each step of FILE would go out: pure planning, no database, no wall clock."""
    try:
        zone = parse_zone(timezone, field="--timezone")
        steps = simulated(
            SequenceSpec.parse(load(file), str(file)),
            Anchor.at(parse_instant(anchor, zone, "--anchor"), zone),
            window=Window.parse(window, "--window"),
            caps=NO_CAPS if no_caps else _caps(pace),
            downs=[_down(text, zone) for text in down or ()],
            moves=[_move(text, zone) for text in moves or ()],
            facts=dict(_fact(text) for text in fact or ()),
        )
    except AftercareError as error:
        typer.echo(_one_line(str(error)), err=True)
        raise typer.Exit(USAGE) from error
    typer.echo(json.dumps([_row(step) for step in steps], indent=2) if as_json else _table(steps))


def _caps(pace: str) -> Caps:
    if pace and pace not in PACES:
        raise InvalidInput("--pace", f"{pace[:60]!r} is no pace; choose from {', '.join(PACES)}")
    return caps_at(pace or None)


def _down(text: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, dots, end = text.partition("..")
    if not dots:
        raise InvalidInput(
            "--down", f"{text[:60]!r} is not FROM..TO; write 2026-03-29T08:00..2026-03-31T15:00"
        )
    span = parse_instant(start, zone, "--down"), parse_instant(end, zone, "--down")
    if span[1] <= span[0]:
        raise InvalidInput("--down", f"{text[:60]!r} ends before it begins; write the earlier time first")
    return span


def _move(text: str, zone: ZoneInfo) -> tuple[datetime, ZoneInfo]:
    at, equals, name = text.partition("=")
    if not equals:
        raise InvalidInput(
            "--moves", f"{text[:60]!r} is not AT=ZONE; write 2026-03-30T12:00=America/New_York"
        )
    return parse_instant(at, zone, "--moves"), parse_zone(name.strip(), field="--moves")


def _fact(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InvalidInput("--fact", f"{text[:60]!r} is not NAME=VALUE; write first_session=true")
    return name.strip(), value.strip()


def _row(step: SimulatedStep) -> Mapping[str, Any]:
    return {
        "key": step.key,
        "state": step.state,
        "due_at": _utc(step.due_at),
        "sent_at": step.sent_at and _utc(step.sent_at),
        "local": step.local.isoformat(timespec="seconds"),
        "late_by": int(step.late_by.total_seconds()),
        "reason": step.reason,
    }


def _table(steps: list[SimulatedStep]) -> str:
    width = max(len(step.key) for step in steps)
    return "\n".join(
        f"{step.key:{width}}  {step.local:%a %Y-%m-%d %H:%M %z}  {step.state}{_remark(step)}"
        for step in steps
    )


def _remark(step: SimulatedStep) -> str:
    if step.reason:
        return f" ({step.reason})"
    return f" ({step.late_by} late)" if step.late_by else ""


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
