"""`aftercare sequence import` and `export`: the same content as files, for editors with a text editor."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, say, transaction
from aftercare.cli.sequence_versions import DryRunOption, SlugArgument, as_data, print_changes
from aftercare.errors import ContentError, NotFound
from aftercare.flows import drafts
from aftercare.flows.differences import between
from aftercare.flows.drafts import Version
from aftercare.flows.sequence_files import folders_in, read_folder
from aftercare.flows.sequence_yaml import write_folder
from aftercare.store import sequences


def import_folder(
    folder: Annotated[Path, typer.Argument(help="A sequence's folder, or a folder of such folders.")],
    dry_run: DryRunOption = False,
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make the files the draft; nothing goes live. Prints what they change against the draft, else against
    what is live."""
    found = [read_folder(one) for one in folders_in(folder)]
    if not found:
        raise ContentError(f"{folder}: holds no sequence.yaml, nor does a folder in it. Name another folder.")
    results: list[dict[str, Any]] = []
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        for files in found:
            base, draft = _standing(db, clinic_id, files.slug)
            changes = between(base.files if base else None, files)
            if changes and not dry_run:
                revision = draft.revision if draft else None
                drafts.save_draft(db, clinic_id, files, revision=revision, by=BY, now=now)
            results.append(
                {"sequence": files.slug, "against": base.state if base else None, "changes": changes}
            )
    if as_json:
        print(json.dumps([as_data(result) for result in results], indent=2))
        return
    for result in results:
        print_changes(result)
    if not dry_run:
        say("What goes out has not changed: look with `sequence show`, then use `sequence publish`.")


def export(
    slug: SlugArgument,
    folder: Annotated[Path, typer.Argument(help="Where to write a folder named after the sequence.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that say something else.")] = False,
    live: Annotated[bool, typer.Option("--live", help="What is live, even where there is a draft.")] = False,
    clinic: ClinicOption = "",
) -> None:
    """Write the draft, or else what is live, as files; prints their paths. Conflict where other files would
    be overwritten."""
    with transaction(open_app(), clinic) as (db, clinic_id, _now):
        version = None if live else drafts.draft(db, clinic_id, slug)
        version = version or drafts.live(db, clinic_id, slug)
    if version is None:
        raise NotFound(f"The sequence '{slug}' has nothing of that kind to export.")
    for path in write_folder(version.files, folder / slug, force=force):
        print(path)


def _standing(db: Session, clinic_id: str, slug: str) -> tuple[Version | None, Version | None]:
    """What the files are compared with (the draft, else what is live, else nothing), and the draft."""
    if sequences.by_slug(db, clinic_id, slug) is None:
        return None, None
    draft = drafts.draft(db, clinic_id, slug)
    return draft or drafts.live(db, clinic_id, slug), draft
