"""`aftercare client stop-everything|restore` and `aftercare session give-to`: when something has happened."""

from typing import Annotated

import typer

from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_made, say, transaction
from aftercare.flows import life_events


def stop_everything(
    client_id: str,
    reason: Annotated[str, typer.Option(help="stop_now, died or moved_away.")] = "stop_now",
    clinic: ClinicOption = "",
) -> None:
    """Nothing at all goes out to this client any more, until staff take that back."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        changed = life_events.stop_everything(db, clinic_id, client_id, reason, by=BY, now=now)
    say("Everything is stopped." if changed else "It was so already.")


def restore(client_id: str, clinic: ClinicOption = "") -> None:
    """Take back a stop of everything; what is not too late goes on."""
    app = open_app()
    with transaction(app, clinic) as (db, clinic_id, now):
        changed = life_events.take_stop_back(db, clinic_id, client_id, by=BY, now=now)
    app.submit("sweep")
    say("As it was before, but for what is too late." if changed else "There is no stop to take back.")


def give_to(session_id: str, client_id: str, clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """The session was another client's: take it back, and log it for her; prints the id of the new one."""
    app = open_app()
    with transaction(app, clinic) as (db, clinic_id, now):
        logged = life_events.was_somebody_else(db, clinic_id, session_id, client_id, by=BY, now=now).id
    app.submit("schedule_followups", logged)
    print_made({"session": logged}, as_json=as_json)
