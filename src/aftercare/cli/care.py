"""`aftercare client pause|resume|stop|undo-stop|start|consent|ask`: what staff do for one client."""

from datetime import date
from typing import Annotated

import typer

from aftercare.cli.opening import BY, ClinicOption, open_app, say, transaction
from aftercare.domain.localtime import to_local
from aftercare.errors import InvalidInput
from aftercare.flows import consent, consent_by_staff, consent_request, enrolments, newcomers, pausing
from aftercare.flows.calendar import zone_of
from aftercare.store import clients, clinics

TopicOption = Annotated[str, typer.Option(help="A topic; none: everything.")]


def pause(
    client_id: str,
    until: Annotated[str, typer.Argument(help="Her local day on which emails come again: 2026-12-01.")],
    clinic: ClinicOption = "",
) -> None:
    """Let a client's emails rest until a day; what falls before it is left out."""
    day = _day("until", until)
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        meaning = pausing.what_pause_means(db, clinic_id, client_id, day, now=now)
        pausing.pause(db, clinic_id, client_id, day, by=BY, now=now)
    after = f"The next is planned for {meaning.next.local:%a %d %b, %H:%M}." if meaning.next else ""
    say(f"Paused. {len(meaning.left_out)} planned emails are left out. {after}".rstrip())


def resume(client_id: str, clinic: ClinicOption = "") -> None:
    """End a client's pause early; what is too late is skipped."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        pausing.resume(db, clinic_id, client_id, by=BY, now=now)


def stop(
    client: Annotated[str, typer.Argument(help="The client's id, or the whole address.")],
    topic: TopicOption = consent.EVERYTHING,
    clinic: ClinicOption = "",
) -> None:
    """The client said stop: nothing more of the topic, or of anything. Only a new yes of hers ends it."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        client_id = newcomers.id_of(db, clinic_id, client)
        changed = consent_by_staff.stop(db, clinic_id, client_id, topic, by=BY, now=now)
    say("Stopped." if changed else "Nothing to stop: it was so already.")


def undo_stop(client_id: str, topic: TopicOption = consent.EVERYTHING, clinic: ClinicOption = "") -> None:
    """Take back a stop that staff recorded by mistake within the last hour."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        changed = consent_by_staff.undo_stop(db, clinic_id, client_id, topic, by=BY, now=now)
    say("As it was before." if changed else "There is no stop to take back.")


def start(client_id: str, slug: str, clinic: ClinicOption = "") -> None:
    """Start a sequence for a client by hand, counted from now; prints the id of the run."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        run_id = enrolments.start_by_hand(db, clinic_id, client_id, slug, by=BY, now=now).id
    print(run_id)


def record_consent(
    client_id: str,
    topic: Annotated[list[str], typer.Option(help="A topic that the client said yes to; repeatable.")],
    source: Annotated[str, typer.Option(help="Where she said it: paper form, in the room.")],
    wording: Annotated[str, typer.Option(help="The exact words that she agreed to.")],
    given_on: Annotated[str, typer.Option(help="Her local day: 2026-11-20; empty: today.")] = "",
    after_stop: Annotated[
        bool, typer.Option("--after-stop", help="The client stopped on that very day, and said yes after it.")
    ] = False,
    clinic: ClinicOption = "",
) -> None:
    """Record consent that a client gave elsewhere; visits of the last week are followed up."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        zone = zone_of(clients.get(db, clinic_id, client_id), clinics.get(db, clinic_id))
        day = _day("given_on", given_on) if given_on else to_local(now, zone).date()
        planned = consent_by_staff.record_consent(
            db,
            clinic_id,
            client_id,
            topic,
            source=source,
            wording=wording,
            given_on=day,
            after_stop=after_stop,
            by=BY,
            now=now,
        )
    say(f"Recorded. {planned} visits of the last days are followed up now.")


def ask(client_id: str, clinic: ClinicOption = "") -> None:
    """Ask a client for consent by one email; prints the id of the message."""
    app = open_app()
    with transaction(app, clinic) as (db, clinic_id, now):
        message_id = consent_request.ask(db, clinic_id, client_id, by=BY, now=now).id
    app.submit("sweep")
    print(message_id)


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(field, "this is not a day; write it like 2026-12-01") from None
