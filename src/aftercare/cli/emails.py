"""`aftercare email`: one email, checked or shown, from a file. Needs no database."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aftercare.cli.opening import JsonOption, say
from aftercare.errors import ContentError
from aftercare.mail.lint import Report, Severity, check, files, sample
from aftercare.mail.lint.letter import from_bytes

CHECKS_FAILED = 5

app = typer.Typer(no_args_is_help=True, help="One email: what is wrong with it, and how it is read.")
FileArgument = Annotated[Path, typer.Argument(help="An email: a step's .yaml file, or an .eml copy.")]


class Format(StrEnum):
    """What `render` prints."""

    HTML = "html"
    TEXT = "text"
    EML = "eml"


@app.command("check")
def check_file(file: FileArgument, as_json: JsonOption = False) -> None:
    """Score an email and say what is wrong where, and how to mend it. Exit code 5 where it may not go live:
    a blocking rule is broken, or it cannot be read at all."""
    with _told(file, as_json=as_json):
        report, notes = check(files.read_letters(file)), _notes(file)
    more = {"notes": notes} if notes else {}
    print(json.dumps(report.to_json() | more, indent=2) if as_json else _text_of(report, notes))
    if report.blocking:
        raise typer.Exit(CHECKS_FAILED)


@app.command()
def render(
    file: Annotated[Path, typer.Argument(help="A step's .yaml file.")],
    person: Annotated[
        Path | None, typer.Option("--as", help="Who reads it: a JSON file with first_name, country ...")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="One part, or all of it.")] = Format.HTML,
) -> None:
    """Print an email as a recipient gets it, from a clinic that does not exist."""
    with _told(file, as_json=False):
        one = files.read_written(file)
        reader = files.read_person(person) if person else sample.Person()
        if reader.language == "en":
            reader = replace(reader, language=files.language_of(file))
        raw = sample.message(one, reader, files.setting_of(one))
        letter = from_bytes(raw, file.name)
    if form is Format.EML:
        sys.stdout.buffer.write(raw)
    else:
        print((letter.html if form is Format.HTML else letter.text).rstrip())


@contextmanager
def _told(file: Path, *, as_json: bool) -> Iterator[None]:
    """An email that cannot be read has failed every check."""
    try:
        yield
    except ContentError as error:
        said = str(error) if file.name in str(error) else f"{file.name}: {error}"
        say(f"aftercare: {said}")
        if as_json:
            print(json.dumps({"score": 0, "findings": [], "error": said}, indent=2))
        raise typer.Exit(CHECKS_FAILED) from error


def _notes(file: Path) -> list[str]:
    """What only the clinic's own database can tell; it costs no points."""
    entries = [] if file.suffix.lower() == ".eml" else files.entries_of(files.read_written(file))
    return [
        f"“{slug}” is an entry of your library: whether it is there is checked when this is published."
        for slug in entries
    ]


def _text_of(report: Report, notes: list[str]) -> str:
    lines = [f"Score {report.score} of 100"]
    for one in report.findings:
        mark = "BLOCKS" if one.severity is Severity.BLOCK else "warns"
        lines += ["", f"{mark}  {one.where}: {one.message}  [{one.rule}, {one.row}]", f"        {one.fix}"]
    if not report.findings:
        lines.append("Nothing to mend.")
    lines += [f"note    {note}" for note in notes]
    return "\n".join(lines)
