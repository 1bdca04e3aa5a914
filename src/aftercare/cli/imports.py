"""`aftercare client import`: a file of clients, looked at first, then brought in."""

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from aftercare.bootstrap import App
from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, say, transaction, utc
from aftercare.domain.columns import FIELDS
from aftercare.domain.csvfile import MAX_BYTES
from aftercare.domain.import_fate import Fate
from aftercare.errors import InvalidInput
from aftercare.flows import import_confirm, imports
from aftercare.flows.import_basis import Basis, Who
from aftercare.flows.import_check import Review
from aftercare.flows.import_report import refused_csv, report_of
from aftercare.flows.imports import Staged
from aftercare.store import clinics
from aftercare.store import imports as batches

SHOWN = 20
CHECKS_FAILED = 5
USAGE = 2
IN_WORDS: Mapping[Fate, str] = {
    Fate.NEW: "new",
    Fate.NO_EMAILS: "new, no emails (nothing says that they agreed)",
    Fate.UPDATED: "update",
    Fate.UNCHANGED: "known, nothing to change",
    Fate.STAYS_UNSUBSCRIBED: "stay unsubscribed, always",
    Fate.REFUSED: "refused",
    Fate.DOUBLE: "doubles within the file",
}
_PAIR = re.compile(rf"(?:^|,)\s*({'|'.join(FIELDS)})\s*=")

MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="Which column is what: email=Email,first_name=Name; repeatable."),
]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Only look: nothing is kept.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before bringing them in.")]
ReportOption = Annotated[Path | None, typer.Option(help="Write the refused rows there, as CSV.")]


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV or TSV, at most 20 MB and 20,000 rows.")],
    mapping: MapOption = None,
    consent_source: Annotated[str, typer.Option(help="Where they agreed: intake form.")] = "",
    consent_wording: Annotated[str, typer.Option(help="The words that they agreed to.")] = "",
    consent_topics: Annotated[str, typer.Option(help="What to, with commas between.")] = "aftercare",
    consent_date: Annotated[
        str, typer.Option(help="When: 2026-03-28; needed without a consent column.")
    ] = "",
    no_consent: Annotated[bool, typer.Option("--no-consent", help="Nobody has agreed yet.")] = False,
    dry_run: DryOption = False,
    report: ReportOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
    clinic: ClinicOption = "",
) -> None:
    """Bring a file of clients in. Who said stop stays unsubscribed, and no sequence starts."""
    app, staged = open_app(), imports.read_file(_bytes(file))
    fields = _fields(staged, _pairs(mapping or ()))
    given = {"source": consent_source, "wording": consent_wording, "given_on": consent_date}
    who = _who(fields, no_consent=no_consent, declared=any(given.values()))
    topics = [topic.strip() for topic in consent_topics.split(",") if topic.strip()]
    basis = Basis.read({"who": who, "topics": topics, **given})
    found, known = _look(app, clinic, staged, fields, basis)
    _show(staged, fields, found, known, as_json=as_json and (dry_run or bool(found.questions)))
    if found.questions:
        raise typer.Exit(CHECKS_FAILED)
    if report:
        _write(report, refused_csv(report_of(staged.columns, fields, staged.rows, found)))
    if not dry_run and _agreed(found, yes=yes):
        _bring_in(app, clinic, staged, fields, basis, as_json=as_json)


def undo_import(import_id: str, clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """Take an import back within 24 hours: clients whom it added and who have nothing yet are removed."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        report = imports.undo(db, clinic_id, import_id, by=BY, now=now).report
    removed, kept = report["removed"], report["kept"]
    if as_json:
        print(json.dumps({"import": import_id, "removed": removed, "kept": kept}))
    else:
        print(f"{removed} removed, {kept} kept because something has happened with them since.")


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name holds a character that none may"
        raise InvalidInput("FILE", f"cannot be read ({reason})") from None


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    """`email=Email,first_name=Name`; a name of a column may hold commas itself."""
    pairs: dict[str, str] = {}
    for text in texts:
        cut = _PAIR.split(text)
        if cut[0].strip() or len(cut) < 3:
            raise InvalidInput("--map", f"write FIELD=COLUMN; the fields are {', '.join(FIELDS)}")
        pairs.update({name: column.strip() for name, column in zip(cut[1::2], cut[2::2], strict=True)})
    return pairs


def _fields(staged: Staged, chosen: Mapping[str, str]) -> dict[str, str]:
    """The guess, where nothing else was said; a column that was given to a field is taken from any other."""
    guessed = {name: column for name, column in staged.fields.items() if column not in chosen.values()}
    return guessed | dict(chosen)


def _who(fields: Mapping[str, str], *, no_consent: bool, declared: bool) -> Who:
    if no_consent:
        return Who.NOBODY
    if fields.get("consent"):
        return Who.COLUMN
    return Who.FILE if declared else Who.UNSAID


def _look(
    app: App, clinic: str, staged: Staged, fields: Mapping[str, str], basis: Basis
) -> tuple[Review, str | None]:
    """The review, and when this very file was brought in before."""
    now = app.clock.now()
    with app.reading() as db:
        clinic_id = (clinics.get(db, clinic) if clinic else clinics.only(db)).id
        before = batches.same_file(db, clinic_id, staged.file_hash)
        found = imports.rehearse(db, clinic_id, staged, fields, basis, now=now)
        return found, utc(before.confirmed_at) if before else None


def _show(
    staged: Staged, fields: Mapping[str, str], found: Review, known: str | None, *, as_json: bool
) -> None:
    if as_json:
        report = report_of(staged.columns, fields, staged.rows, found)
        about = {"import": None, "brought_in_before": known, "questions": found.questions}
        print(json.dumps(about | _document(staged, fields, report), indent=2))
    else:
        _talk(staged, fields, found, known)
    for question in found.questions:
        say(question)


def _talk(staged: Staged, fields: Mapping[str, str], found: Review, known: str | None) -> None:
    """Everything that a person should see before she agrees, on stderr: it is no data."""
    console = Console(stderr=True, highlight=False)
    if known:
        console.print(f"This very file was brought in on {known}.")
    if staged.guessed_letters:
        console.print("The file does not say how its letters are coded; look whether names read right.")
    table = Table("column", "becomes")
    for name, column in fields.items():
        table.add_row(column, FIELDS[name])
    for column in _ignored(staged, fields):
        table.add_row(column, "ignored")
    for column, why in staged.left_out:
        table.add_row(column, why)
    console.print(table, markup=False)
    for fate, count in found.counts().items():
        console.print(f"{count:>7}  {IN_WORDS[Fate(fate)]}", markup=False)
    console.print(f"{found.total:>7}  rows in all")
    for remarks, heading in ((found.refused, "Refused"), (found.warnings, "Please look")):
        _remarks(console, heading, [str(each) for each in remarks])


def _remarks(console: Console, heading: str, texts: list[str]) -> None:
    if texts:
        console.print(f"{heading}:")
    for text in texts[:SHOWN]:
        console.print(f"  {text}", markup=False, soft_wrap=True)
    if len(texts) > SHOWN:
        console.print(f"  and {len(texts) - SHOWN} more; --json and --report show all.")


def _ignored(staged: Staged, fields: Mapping[str, str]) -> list[str]:
    return [column for column in staged.columns if column not in fields.values()]


def _document(staged: Staged, fields: Mapping[str, str], report: Mapping[str, Any]) -> dict[str, Any]:
    """The stable part of what `--json` prints."""
    return {
        "total": report["total"],
        "counts": report["counts"],
        "mapping": dict(fields),
        "ignored": _ignored(staged, fields),
        "left_out": [{"column": column, "why": why} for column, why in staged.left_out],
        "refused": [{name: each[name] for name in ("row", "column", "error")} for each in report["refused"]],
        "stays_unsubscribed": report["stays"],
        "warnings": report["warnings"],
    }


def _agreed(found: Review, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        say("Nothing was brought in. Add --yes to do it, or --dry-run to look only.")
        raise typer.Exit(USAGE)
    return typer.confirm(f"Bring in {found.added()} new and {found.counts()['updated']} updates?", err=True)


def _bring_in(
    app: App, clinic: str, staged: Staged, fields: Mapping[str, str], basis: Basis, *, as_json: bool
) -> None:
    with transaction(app, clinic) as (db, clinic_id, now):
        batch = imports.stage(db, clinic_id, staged, by=BY, now=now)
        imports.choose(db, clinic_id, batch.id, fields, basis)
    report = import_confirm.confirm(app, clinic_id, batch.id, by=BY, now=now).report
    if as_json:
        print(json.dumps({"import": batch.id} | _document(staged, fields, report), indent=2))
    else:
        print(batch.id)
        say(f"Done. `aftercare client undo-import {batch.id}` takes it back within 24 hours.")


def _write(path: Path, text: str) -> None:
    """For the owner of the file alone: it holds addresses."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise InvalidInput("--report", f"cannot be written ({error.strerror})") from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
