"""`aftercare sequence list`, `pause` and `resume`: those commands of the noun that need the database."""

from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_rows, say, transaction
from aftercare.flows import sequences
from aftercare.store import sequences as rows


def list_all(clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """The published sequences, and which of them stand still."""
    with transaction(open_app(), clinic) as (db, clinic_id, _now):
        found = [
            {
                "sequence": sequence.slug,
                "name": sequence.name,
                "version": version.number,
                "state": "paused" if sequence.paused_at else "running",
            }
            for sequence, version in rows.published(db, clinic_id)
        ]
    print_rows(found, as_json=as_json, shown=("sequence", "name", "version", "state"), title="Sequences")


def pause(slug: str, clinic: ClinicOption = "") -> None:
    """Let a sequence stand still for everybody; sessions are still planned, and wait with it."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        people = sequences.pause(db, clinic_id, slug, by=BY, now=now)
    say(f"Paused. {people} people are part-way.")


def resume(slug: str, clinic: ClinicOption = "") -> None:
    """Let a paused sequence go on; what is too late by now is skipped, never sent in a burst."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        people = sequences.resume(db, clinic_id, slug, by=BY, now=now)
    say(f"Running again. {people} people are part-way.")
