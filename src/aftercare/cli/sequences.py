"""`aftercare sequence list`, `pause` and `resume`; hangs in the other commands that need the database."""

from aftercare.cli import sequence_folders, sequence_lint, sequence_versions
from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_rows, say, transaction
from aftercare.cli.sequence import app
from aftercare.flows import drafts, sequences

app.command("import")(sequence_folders.import_folder)
app.command("export")(sequence_folders.export)
app.command("lint")(sequence_lint.lint)
app.command("show")(sequence_versions.show)
app.command("publish")(sequence_versions.publish)
app.command("discard")(sequence_versions.discard)
app.command("restore")(sequence_versions.restore)

SHOWN = ("sequence", "name", "version", "draft", "people", "state")


def list_all(clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """All sequences: the live version, whether there is a draft, who is part-way, and which stand still."""
    with transaction(open_app(), clinic) as (db, clinic_id, _now):
        found = [
            {
                "sequence": one.slug,
                "name": one.name,
                "version": one.live,
                "draft": one.draft,
                "people": one.people,
                "state": "paused" if one.paused_at else "running" if one.live else "draft",
            }
            for one in drafts.overview(db, clinic_id)
        ]
    print_rows(found, as_json=as_json, shown=SHOWN, title="Sequences")


def pause(slug: str, clinic: ClinicOption = "") -> None:
    """Let a sequence stand still for everybody; sessions are still planned, and wait with it."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        people = sequences.pause(db, clinic_id, slug, by=BY, now=now)
    say(f"Paused. People who are part-way: {people}.")


def resume(slug: str, clinic: ClinicOption = "") -> None:
    """Let a paused sequence go on; what is too late by now is skipped, never sent in a burst."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        people = sequences.resume(db, clinic_id, slug, by=BY, now=now)
    say(f"Running again. People who are part-way: {people}.")
