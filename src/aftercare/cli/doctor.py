"""`aftercare doctor`: what works, what does not, and how to mend it."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from aftercare.cli.opening import JsonOption, open_app
from aftercare.flows.checkup import CHECKS, Finding, State, examine

CHECKS_FAILED = 5
COLOURS = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}


def doctor(
    only: Annotated[str, typer.Option(help=f"Look at these alone, with commas: {', '.join(CHECKS)}.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Look at every part of this installation and say how to mend it; exit code 5 where something fails."""
    parts = _parts(only)
    app = open_app()
    findings = []
    for finding in examine(app, parts):
        findings.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    app.close()
    if any(finding.state is State.FAIL for finding in findings):
        raise typer.Exit(CHECKS_FAILED)


def _parts(only: str) -> Sequence[str]:
    chosen = [part.strip() for part in only.split(",") if part.strip()]
    if unknown := [part for part in chosen if part not in CHECKS]:
        raise typer.BadParameter(
            f"there is no {', '.join(unknown)}; choose from {', '.join(CHECKS)}", param_hint="--only"
        )
    return chosen or list(CHECKS)


def _show(finding: Finding) -> None:
    """As soon as it is known: a broken part may take seconds to say so."""
    word = typer.style(f"{finding.state:<5}", fg=COLOURS[finding.state], bold=True)
    typer.echo(f"{word} {finding.part:<10} {finding.found}")
    if finding.mend:
        typer.echo(f"{'':<16} -> {finding.mend}")
    sys.stdout.flush()
