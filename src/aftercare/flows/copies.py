"""Exact copies: the very bytes of an email that went out, made again from what was frozen at its first
attempt. Nothing of an email is kept twice, and nothing that changes later shows in its copy."""

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, NotFound
from aftercare.flows.rendering import frozen_bytes
from aftercare.flows.tools import Tools
from aftercare.models import Message
from aftercare.store import inbox


def exact_copy(db: Session, tools: Tools, clinic_id: str, message_id: str) -> bytes:
    """What the mail server was handed, to the byte; of an email that was tried more than once, at the
    latest attempt (they differ only where her address was corrected in between).

    NotFound where the clinic has no such message or where nothing was ever handed over; Conflict where the
    operator has removed the secret key that its links were signed with."""
    return copy_of(db, tools, inbox.message(db, clinic_id, message_id))


def copy_of(db: Session, tools: Tools, message: Message) -> bytes:
    """As `exact_copy`, of a row that the caller has looked up within its clinic."""
    if message.fields is None or message.attempts == 0:
        raise NotFound("This email has not been sent, so there is no copy of it.")
    if message.fields["link_key"] not in tools.token_keys.keys:
        raise Conflict(
            "The copy cannot be made: the secret key behind its links is gone. "
            "Add it to AFTERCARE_SECRET_KEY again, behind the current one."
        )
    return frozen_bytes(db, tools, message)
