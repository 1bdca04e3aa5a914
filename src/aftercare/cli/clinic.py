"""`aftercare clinic set`: what the clinic says of itself in its emails."""

from typing import Annotated

import typer

from aftercare.cli.opening import BY, ClinicOption, open_app, say, transaction
from aftercare.flows import particulars

app = typer.Typer(no_args_is_help=True, help="What the clinic says of itself.")


@app.callback()
def _group() -> None:
    """Without it, typer would make the one command the whole group."""


@app.command("set")
def change(
    name: Annotated[str, typer.Option(help="Name of the clinic.")] = "",
    country: Annotated[str, typer.Option(help="Two letters; help lines follow it, such as GB.")] = "",
    phone: Annotated[str, typer.Option(help="Telephone number.")] = "",
    hours: Annotated[str, typer.Option(help="Such as: Monday to Friday, 9:00 to 17:00.")] = "",
    reply_reader: Annotated[str, typer.Option(help="Who reads replies.")] = "",
    postal_address: Annotated[str, typer.Option(help="It stands in every email.")] = "",
    clinic: ClinicOption = "",
) -> None:
    """Fill in or correct what emails say of the clinic; those that have not gone out yet follow."""
    given = {
        "name": name,
        "country": country,
        "phone": phone,
        "hours": hours,
        "reply_reader": reply_reader,
        "postal_address": postal_address,
    }
    new = {field: text for field, text in given.items() if text}
    if not new:
        raise typer.BadParameter("say what to set, such as --country GB", param_hint="set")
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        particulars.change(db, clinic_id, new, by=BY, now=now)
    say(f"Set: {', '.join(new)}. Emails that have not gone out yet follow.")
