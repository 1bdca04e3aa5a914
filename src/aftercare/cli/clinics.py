"""`aftercare init`, `aftercare staff add`, `aftercare token create`."""

from typing import Annotated

import typer

from aftercare.cli.opening import BY, ClinicOption, open_app, say, transaction
from aftercare.flows import clinics, sequences
from aftercare.flows.clinics import NewClinic
from aftercare.mail.paths import templates_root
from aftercare.migrations import upgrade

staff_app = typer.Typer(no_args_is_help=True, help="People who work at the clinic.")
token_app = typer.Typer(no_args_is_help=True, help="Tokens of the REST interface.")


def init(
    name: Annotated[str, typer.Option(prompt="Name of the clinic")],
    email: Annotated[str, typer.Option(prompt="Address that emails come from, and replies go to")],
    postal_address: Annotated[str, typer.Option(prompt="Postal address (it stands in every email)")],
    phone: Annotated[str, typer.Option(prompt="Phone")],
    hours: Annotated[str, typer.Option(prompt="Hours, for example: Monday to Friday, 9:00 to 17:00")],
    country: Annotated[str, typer.Option(prompt="Country, two letters")],
    timezone: Annotated[str, typer.Option(prompt="Time zone, for example Europe/London")],
    reply_reader: Annotated[str, typer.Option(prompt="Who reads replies")],
    sender_name: Annotated[str, typer.Option(help="Name in the inbox; may be a discreet one.")] = "",
    logo_url: Annotated[str, typer.Option(help="https address of a logo, if you have one.")] = "",
) -> None:
    """Set up the database, a clinic and its default sequences; prints the clinic's id."""
    app = open_app()
    upgrade(app.settings.database)
    new = NewClinic(
        name=name,
        sender_name=sender_name or name,
        sender_address=email,
        reply_to=email,
        reply_reader=reply_reader,
        postal_address=postal_address,
        phone=phone,
        hours=hours,
        country=country,
        timezone=timezone,
        logo_url=logo_url or None,
    )
    now = app.clock.now()
    with app.transaction() as db:
        clinic = clinics.add_clinic(db, new, by=BY, now=now)
        sequences.publish_defaults(db, clinic.id, templates_root() / "sequences" / "en", by=BY, now=now)
    print(clinic.id)
    say("The default texts are published. No clinician has reviewed them yet: read them before you send.")


@staff_app.command("add")
def add_staff(first_name: str, email: str, role: str = "therapist", clinic: ClinicOption = "") -> None:
    """Add a member of staff; prints the id."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        member = clinics.add_staff(
            db, clinic_id, first_name=first_name, email=email, role=role, by=BY, now=now
        )
        print(member.id)


@token_app.command("create")
def create_token(name: str, clinic: ClinicOption = "") -> None:
    """Make a token for the REST interface; it is shown once."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        print(clinics.create_token(db, clinic_id, name=name, by=BY, now=now))
