"""`aftercare client ...`"""

from typing import Annotated

import typer

from aftercare.cli import care, export, imports, life
from aftercare.cli.opening import (
    BY,
    ClinicOption,
    JsonOption,
    open_app,
    print_made,
    print_rows,
    say,
    transaction,
)
from aftercare.flows import clients
from aftercare.flows.clients import NewClient
from aftercare.store import roster
from aftercare.web.staff.words import masked

app = typer.Typer(no_args_is_help=True, help="Clients: the people who receive care and emails.")
app.command("import")(imports.import_file)
app.command("undo-import")(imports.undo_import)
app.command("pause")(care.pause)
app.command("resume")(care.resume)
app.command("stop")(care.stop)
app.command("undo-stop")(care.undo_stop)
app.command("stop-everything")(life.stop_everything)
app.command("restore")(life.restore)
app.command("start")(care.start)
app.command("consent")(care.record_consent)
app.command("ask")(care.ask)
app.command("export")(export.export)

SHOWN = ("client", "first_name", "address")


@app.command("list")
def list_all(clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """All clients by first name: the id that other commands want, and the address, but for its middle."""
    with transaction(open_app(), clinic) as (db, clinic_id, _now):
        found = [
            {"client": one.id, "first_name": one.first_name, "address": masked(one.email)}
            for one in roster.page(db, clinic_id, only="all", after=None, limit=None)
        ]
    print_rows(found, as_json=as_json, shown=SHOWN, title="Clients")


@app.command("add")
def add(
    email: str,
    first_name: Annotated[str, typer.Option(help="First name; emails do without if it is empty.")] = "",
    timezone: Annotated[str, typer.Option(help="IANA zone; empty: the clinic's.")] = "",
    country: Annotated[str, typer.Option(help="Two letters; empty: the clinic's.")] = "",
    language: Annotated[str, typer.Option(help="Such as es; empty: the clinic's.")] = "",
    topic: Annotated[list[str] | None, typer.Option(help="A topic that the client agreed to.")] = None,
    source: Annotated[str, typer.Option(help="Where the consent was given.")] = "",
    wording: Annotated[str, typer.Option(help="The words that the client agreed to.")] = "",
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Add a client; prints the id. Without --topic nothing will be sent."""
    new = NewClient(
        email=email,
        first_name=first_name,
        timezone=timezone or None,
        country=country or None,
        language=language,
        topics=tuple(topic or ()),
        consent_source=source,
        consent_wording=wording,
    )
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        client_id = clients.add_client(db, clinic_id, new, by=BY, now=now).id
    print_made({"client": client_id}, as_json=as_json)
    if not topic:
        say("Added without consent: nothing will be sent until it is given.")


@app.command("hold")
def hold(client_id: str, reason: str = "held by staff", clinic: ClinicOption = "") -> None:
    """Hold everything for one client until someone releases it."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        clients.hold(db, clinic_id, client_id, reason=reason, by=BY, now=now)


@app.command("release")
def release(client_id: str, clinic: ClinicOption = "") -> None:
    """Let a held client's emails go on; what is too late is skipped."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        clients.release(db, clinic_id, client_id, by=BY, now=now)


@app.command("correct")
def correct(
    client_id: str,
    first_name: Annotated[str | None, typer.Option(help="First name; emails do without if empty.")] = None,
    email: Annotated[str | None, typer.Option(help="The address that emails go to from now on.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters; empty: the clinic's.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as es.")] = None,
    clinic: ClinicOption = "",
) -> None:
    """Correct a client's particulars; what is not given stays. See `client move` for the time zone."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        clients.correct(
            db,
            clinic_id,
            client_id,
            first_name=first_name,
            email=email,
            country=country,
            language=language,
            by=BY,
            now=now,
        )


@app.command("move")
def move(client_id: str, timezone: str, clinic: ClinicOption = "") -> None:
    """The client lives in another time zone from now on."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        clients.move_zone(db, clinic_id, client_id, timezone, by=BY, now=now)
