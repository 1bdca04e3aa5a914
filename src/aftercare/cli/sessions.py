"""`aftercare session ...`"""

from typing import Annotated

import typer

from aftercare.cli import life
from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_made, transaction
from aftercare.domain.localtime import parse_instant
from aftercare.flows import sessions
from aftercare.flows.calendar import zone_of
from aftercare.flows.sessions import SessionFacts
from aftercare.store import clients, clinics
from aftercare.store import sessions as stored

app = typer.Typer(no_args_is_help=True, help="Sessions: what the emails follow.")
app.command("give-to")(life.give_to)


@app.command("log")
def log(
    client_id: str,
    outcome: Annotated[str, typer.Option(help="ordinary, strong_feelings, no_aftercare, did_not_happen")],
    ended_at: Annotated[str, typer.Option(help="When it ended: local to the client, or with offset.")],
    first_session: Annotated[bool, typer.Option(help="This was the client's first session.")] = False,
    therapist: Annotated[str, typer.Option(help="Id of the therapist.")] = "",
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Log a session; prints its id. `aftercare plan CLIENT` shows what follows from it."""
    app_ = open_app()
    with transaction(app_, clinic) as (db, clinic_id, now):
        client = clients.get(db, clinic_id, client_id)
        zone = zone_of(client, clinics.get(db, clinic_id))
        facts = SessionFacts(
            client_id=client_id,
            ended_at=parse_instant(ended_at, zone, "ended_at"),
            outcome=outcome,
            therapist_id=therapist or None,
            first_session=first_session,
        )
        session_id = sessions.log_session(db, clinic_id, facts, by=BY, now=now).id
    app_.submit("schedule_followups", session_id)
    print_made({"session": session_id}, as_json=as_json)


@app.command("correct")
def correct(
    session_id: str,
    outcome: Annotated[str, typer.Option(help="What it should have been logged as.")] = "",
    ended_at: Annotated[str, typer.Option(help="When it ended: local to the client, or with offset.")] = "",
    clinic: ClinicOption = "",
) -> None:
    """Correct how a session was logged; unsent emails follow, sent ones stay."""
    app_ = open_app()
    with transaction(app_, clinic) as (db, clinic_id, now):
        client = clients.get(db, clinic_id, stored.get(db, clinic_id, session_id).client_id)
        zone = zone_of(client, clinics.get(db, clinic_id))
        sessions.correct_session(
            db,
            clinic_id,
            session_id,
            ended_at=parse_instant(ended_at, zone, "ended_at") if ended_at else None,
            outcome=outcome or None,
            by=BY,
            now=now,
        )
    app_.submit("schedule_followups", session_id)


@app.command("cancel")
def cancel(session_id: str, clinic: ClinicOption = "") -> None:
    """The session was logged by mistake: its unsent emails go with it."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        sessions.cancel_session(db, clinic_id, session_id, by=BY, now=now)
