"""A thousand clients with one email due each, without waiting for a thousand sessions to be planned."""

from typing import Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from aftercare.models import Client, Consent, Enrolment, Message, new_id
from tests.journeys.harness import Journey


def add_crowd(journey: Journey, size: int, model: str = "maya@example.com") -> dict[str, str]:
    """Message id -> client id of `size` clients who all have their first email due in three hours: copies of
    one whose session was planned the usual way."""
    first_one = journey.add_client(model)
    journey.visit(first_one)
    with journey.app.transaction() as db:
        first = journey.messages(first_one)[0]
        rows = [_copies(db, table, first_one, first.id) for table in (Client, Consent, Enrolment, Message)]
        crowd = {}
        for number in range(size - 1):
            ids = {key: new_id(key) for key in ("cli", "con", "enr", "msg")}
            for table, values in zip((Client, Consent, Enrolment, Message), rows, strict=True):
                db.execute(insert(table).values(values | _own(table, ids, number)))
            crowd[ids["msg"]] = ids["cli"]
    return crowd | {first.id: first_one}


def _copies(db: Session, table: Any, client_id: str, message_id: str) -> dict[str, Any]:
    which = {Client: Client.id == client_id, Message: Message.id == message_id}
    if table not in which:
        which[table] = table.client_id == client_id
    row = db.scalars(select(table).where(which[table])).one()
    return {column.key: getattr(row, column.key) for column in inspect(table).columns}


def _own(table: Any, ids: dict[str, str], number: int) -> dict[str, Any]:
    email = f"client{number}@example.com"
    return {
        Client: {"id": ids["cli"], "email": email, "email_key": email},
        Consent: {"id": ids["con"], "client_id": ids["cli"]},
        Enrolment: {"id": ids["enr"], "client_id": ids["cli"], "session_id": None},
        Message: {
            "id": ids["msg"],
            "client_id": ids["cli"],
            "enrolment_id": ids["enr"],
            "dedupe_key": f"enr:{ids['enr']}:evening-plan",
        },
    }[table]
