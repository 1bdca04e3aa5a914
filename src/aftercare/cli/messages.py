"""`aftercare plan` and `aftercare outbox`: who gets what when, and what became of it."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from aftercare.cli.opening import ClinicOption, JsonOption, open_app, print_rows, transaction, utc
from aftercare.flows.calendar import zone_of
from aftercare.models import Client, Clinic, Message
from aftercare.store import clients, clinics, messages

SHOWN = ("client", "step", "local", "state", "reason")
"""What a table has room for; --json prints everything."""

MOST_DAYS = 36_500
UNSENT = ("planned", "held", "claimed", "transmitting", "unknown")


def plan(
    client: Annotated[str, typer.Argument(help="Id of a client; none: everybody.")] = "",
    days: Annotated[int, typer.Option(min=0, max=MOST_DAYS, help="How many days ahead.")] = 30,
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """What is planned for whom, in the client's own time."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        where = {"client_id": clients.get(db, clinic_id, client).id} if client else {}
        found = messages.page(
            db, clinic_id, start=now - timedelta(days=30), end=now + timedelta(days=days), **where
        )
        home = clinics.get(db, clinic_id)
        rows = [_row(row, db.get_one(Client, row.client_id), home) for row in found if row.state in UNSENT]
    print_rows(rows, as_json=as_json, shown=SHOWN, title="Planned")


def outbox(
    days: Annotated[int, typer.Option(min=0, max=MOST_DAYS, help="How many days back.")] = 30,
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """What was sent, skipped, cancelled or failed, and why."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        found = messages.page(
            db, clinic_id, start=now - timedelta(days=days), end=datetime.max.replace(tzinfo=now.tzinfo)
        )
        home = clinics.get(db, clinic_id)
        rows = [
            _row(row, db.get_one(Client, row.client_id), home) for row in found if row.state not in UNSENT
        ]
    print_rows(rows, as_json=as_json, shown=SHOWN, title="Outbox")


def _row(message: Message, client: Client, clinic: Clinic) -> dict[str, Any]:
    zone = zone_of(client, clinic)
    return {
        "client": message.client_id,
        "step": message.step_key,
        "local": message.planned_for.astimezone(zone).isoformat(timespec="minutes"),
        "state": message.state,
        "reason": message.reason,
        "planned_for": utc(message.planned_for),
        "sent_at": utc(message.sent_at),
        "attempts": message.attempts,
        "message": message.id,
    }
