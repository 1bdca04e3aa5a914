"""`aftercare appointment ...`"""

from typing import Annotated

import typer

from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_made, transaction
from aftercare.domain.localtime import parse_instant
from aftercare.flows import appointments
from aftercare.flows.appointments import Booking
from aftercare.flows.calendar import zone_of
from aftercare.store import appointments as stored
from aftercare.store import clients, clinics

app = typer.Typer(no_args_is_help=True, help="Appointments: what emails come before.")

StartsAt = Annotated[str, typer.Option(help="When it starts: local to the client, or with offset.")]
EndsAt = Annotated[
    str, typer.Option(help="When it ends, likewise; empty: an hour later, or as long as before.")
]


@app.command("book")
def book(
    client_id: str,
    starts_at: StartsAt,
    ends_at: EndsAt = "",
    first_session: Annotated[
        bool | None,
        typer.Option(help="Whether it is the client's first; without it, we look whether they were here."),
    ] = None,
    therapist: Annotated[str, typer.Option(help="Id of the therapist.")] = "",
    service: Annotated[str, typer.Option(help="Kind of visit, where emails differ by it.")] = "",
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Book an appointment; prints its id. `aftercare plan CLIENT` shows what comes before it."""
    app_ = open_app()
    with transaction(app_, clinic) as (db, clinic_id, now):
        zone = zone_of(clients.get(db, clinic_id, client_id), clinics.get(db, clinic_id))
        booking = Booking(
            client_id=client_id,
            starts_at=parse_instant(starts_at, zone, "starts_at"),
            ends_at=parse_instant(ends_at, zone, "ends_at") if ends_at else None,
            therapist_id=therapist or None,
            service=service,
            first_session=first_session,
        )
        booked = appointments.book(db, clinic_id, booking, by=BY, now=now).id
    app_.submit("schedule_appointment", booked)
    print_made({"appointment": booked}, as_json=as_json)


@app.command("move")
def move(appointment_id: str, starts_at: StartsAt, ends_at: EndsAt = "", clinic: ClinicOption = "") -> None:
    """It takes place at another time: unsent emails follow, sent ones do not come again."""
    app_ = open_app()
    with transaction(app_, clinic) as (db, clinic_id, now):
        client_id = stored.get(db, clinic_id, appointment_id).client_id
        zone = zone_of(clients.get(db, clinic_id, client_id), clinics.get(db, clinic_id))
        appointments.move(
            db,
            clinic_id,
            appointment_id,
            parse_instant(starts_at, zone, "starts_at"),
            parse_instant(ends_at, zone, "ends_at") if ends_at else None,
            by=BY,
            now=now,
        )
    app_.submit("schedule_appointment", appointment_id)


@app.command("cancel")
def cancel(appointment_id: str, clinic: ClinicOption = "") -> None:
    """It will not take place: its unsent emails go with it."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        appointments.cancel(db, clinic_id, appointment_id, by=BY, now=now)
