"""`aftercare resource list`, `add` and `check`."""

from typing import Annotated

import typer

from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_made, print_rows, reading, say
from aftercare.cli.opening import transaction as writing
from aftercare.flows import resource_shelf, resources
from aftercare.flows.resources import KINDS, Particulars
from aftercare.store import resources as rows

app = typer.Typer(no_args_is_help=True, help="What emails may link to beside the clinic's own pages.")
SHOWN = ("resource", "title", "last_checked", "fault", "emails")


@app.command("list")
def list_all(clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """All entries, and the pages that come with Aftercare."""
    opened = open_app()
    with reading(opened, clinic) as (db, clinic_id, now):
        today = resources.today_of(db, clinic_id, now)
        lines = resource_shelf.listed(db, opened.library, clinic_id, today=today)
    found = [
        {
            "resource": line.slug,
            "title": line.title,
            "url": line.url,
            "kind": line.kind,
            "language": ", ".join(line.languages),
            "country": line.country,
            "last_checked": line.last_checked.isoformat() if line.last_checked else None,
            "fault": line.fault.value if line.fault else None,
            "needs_a_look": line.needs_a_look,
            "emails": len(line.used_in),
            "ours": not line.id,
        }
        for line in lines
    ]
    print_rows(found, as_json=as_json, shown=SHOWN, title="Resources")


@app.command("add")
def add(
    title: str,
    url: str,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(KINDS)}.")] = "organisation",
    language: Annotated[str, typer.Option(help="Its tag, such as en or pt-BR.")] = "en",
    country: Annotated[str, typer.Option(help="Left out: everywhere.")] = "",
    note: Annotated[str, typer.Option(help="For staff.")] = "",
    slug: Annotated[str, typer.Option(help="The name that blocks use; made from the title.")] = "",
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Add an entry that you have looked at today; prints the name that blocks use."""
    new = Particulars(title, url, kind, language, country, note)
    with writing(open_app(), clinic) as (db, clinic_id, now):
        made = resources.add(db, clinic_id, new, slug=slug, by=BY, now=now)
        told = {"resource": made.slug, "id": made.id}
    print_made(told, as_json=as_json)


@app.command("check")
def check(
    slug: str,
    dead: Annotated[bool, typer.Option("--dead", help="It does not work any more.")] = False,
    clinic: ClinicOption = "",
) -> None:
    """Say that you have looked at an entry today, and that it works."""
    mark = resources.mark_dead if dead else resources.mark_checked
    with writing(open_app(), clinic) as (db, clinic_id, now):
        row = rows.by_slug(db, clinic_id, slug)
        mark(db, clinic_id, row.id, by=BY, now=now)
    say("Noted: emails go out without it from now on." if dead else "Noted: checked today.")
