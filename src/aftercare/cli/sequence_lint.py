"""`aftercare sequence lint`: what the checks say about all emails of a sequence, before it is published."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from aftercare.cli.opening import ClinicOption, JsonOption, open_app, reading, say
from aftercare.errors import ContentError, NotFound
from aftercare.flows import drafts, email_lints, saving
from aftercare.flows.rendering import theme_of
from aftercare.flows.resource_shelf import library_of
from aftercare.flows.sequence_files import SequenceFiles, read_folder
from aftercare.mail.lint import Finding, Severity
from aftercare.mail.lint.sample import THEME, shelf
from aftercare.mail.resources import Entry, links_in
from aftercare.store import clinics

CHECKS_FAILED = 5


def lint(
    sequence: Annotated[str, typer.Argument(help="A sequence of the clinic, or a folder with its files.")],
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Print what is wrong in the emails of a sequence, step by step, with the fix: of its draft, else of what
    is live; of a folder without any database. Exit code 5 where something keeps it from going live."""
    try:
        steps = _of_folder(Path(sequence)) if Path(sequence).is_dir() else _of_clinic(sequence, clinic)
    except ContentError as error:
        say(f"aftercare: {error}")
        if as_json:
            print(json.dumps({"findings": [], "error": str(error)}, indent=2))
        raise typer.Exit(CHECKS_FAILED) from error
    findings = [(step, finding) for step, found in steps.items() for finding in found]
    if as_json:
        print(json.dumps({"findings": [_row(step, one) for step, one in findings]}, indent=2))
    else:
        print("\n".join(_line(step, one) for step, one in findings) or "Nothing to mend.")
    if any(one.severity is Severity.BLOCK for _, one in findings):
        raise typer.Exit(CHECKS_FAILED)


def _of_folder(folder: Path) -> dict[str, tuple[Finding, ...]]:
    files = read_folder(folder)
    saving.refuse_markup(files)
    return email_lints.all_of(files, THEME, replace(shelf(), resources=_stand_ins(files)))


def _of_clinic(slug: str, clinic: str) -> dict[str, tuple[Finding, ...]]:
    app = open_app()
    with reading(app, clinic) as (db, clinic_id, _now):
        version = drafts.draft(db, clinic_id, slug) or drafts.live(db, clinic_id, slug)
        if version is None:
            raise NotFound(f"The sequence '{slug}' has neither a draft nor a live version.")
        theme, library = theme_of(clinics.get(db, clinic_id), app), library_of(db, app, clinic_id)
    return email_lints.all_of(version.files, theme, library)


def _stand_ins(files: SequenceFiles) -> dict[str, Entry]:
    """Entries of a library that only the clinic's database has."""
    used = (link.resource for email in files.emails.values() for link in links_in(email.to_json()))
    return {slug: Entry(slug, "https://www.example.org/", "en") for slug in used if slug}


def _row(step: str, finding: Finding) -> dict[str, Any]:
    return {"step": step} | finding.to_json()


def _line(step: str, finding: Finding) -> str:
    mark = "BLOCKS" if finding.severity is Severity.BLOCK else "warns"
    return f"{mark}  {step}, {email_lints.in_words(finding)}"
