"""All that is known about one client, as one JSON document that she can have."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any

from sqlalchemy.orm import Session

from aftercare.errors import Conflict
from aftercare.flows import copies
from aftercare.flows.tools import Tools
from aftercare.models import Client, Message
from aftercare.store import audit, client_rows, clients, clinics, inbox, messages

VERSION = 1


def export(
    db: Session, tools: Tools, clinic_id: str, client_id: str, *, by: str, now: datetime
) -> dict[str, Any]:
    """Everything stored about her, with the text of each email that left, ready for `json.dumps`; instants in
    UTC. That it was asked for is written into the trail. NotFound."""
    client = clients.get(db, clinic_id, client_id)
    audit.record(db, clinic_id, "client.exported", client.id, actor=by, now=now)
    db.flush()
    tables = {name: [_plain(row) for row in rows] for name, rows in client_rows.of_client(db, client).items()}
    return {
        "format": VERSION,
        "made_at": _value(now),
        "clinic": clinics.get(db, clinic_id).name,
        "emails_that_left": _letters(db, tools, client),
        **tables,
    }


def _letters(db: Session, tools: Tools, client: Client) -> list[dict[str, Any]]:
    people = [client.id, *client_rows.signed_up_as(db, client)]
    rows = [row for person in people for row in messages.of_client(db, person) if row.attempts > 0]
    return [_letter(db, tools, row) for row in rows]


def _letter(db: Session, tools: Tools, message: Message) -> dict[str, Any]:
    letter = inbox.letter(db, message.clinic_id, message.id)
    made: dict[str, Any] = {"message": message.id, "sequence": letter.sequence.public_name}
    try:
        email = message_from_bytes(copies.copy_to_show(db, tools, message), policy=policy.default)
    except Conflict:
        # The operator has removed the key behind its links.
        return made | {"subject": str(letter.email.document["subject"]), "text": None}
    body = email.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return made | {"to": str(email["To"]), "subject": str(email["Subject"]), "text": text}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return value.isoformat() if isinstance(value, date) else value
