"""Exact copies: the very bytes of an email that went out, made again from what was frozen at its first
attempt. Nothing of an email is kept twice, and nothing that changes later shows in its copy."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy

from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.errors import Conflict, NotFound
from aftercare.flows.rendering import frozen_bytes
from aftercare.flows.tools import Tools
from aftercare.models import Client, Message
from aftercare.store import inbox

NOT_SENT = "This email has not been sent, so there is no copy of it."
SHOWN_FOR = timedelta(days=90)
"""How long after it left a client can read an email in the browser."""


def exact_copy(db: Session, tools: Tools, clinic_id: str, message_id: str) -> bytes:
    """What the mail server was handed, to the byte; of an email that was tried more than once, at the
    latest attempt (they differ only where her address was corrected in between).

    NotFound where the clinic has no such message or where nothing was ever handed over; Conflict where the
    operator has removed the secret key that its links were signed with."""
    return copy_of(db, tools, inbox.message(db, clinic_id, message_id))


def copy_of(db: Session, tools: Tools, message: Message) -> bytes:
    """As `exact_copy`, of a row that the caller has looked up within its clinic."""
    if message.fields is None or message.attempts == 0:
        raise NotFound(NOT_SENT)
    if message.fields["link_key"] not in tools.token_keys.keys:
        raise Conflict(
            "The copy cannot be made: the secret key behind its links is gone. "
            "Add it to AFTERCARE_SECRET_KEY again, behind the current one."
        )
    return frozen_bytes(db, tools, message)


def copy_to_show(db: Session, tools: Tools, message: Message) -> bytes:
    """As `copy_of`, for the eyes of staff: who opens a link of hers acts in her name, so that a yes or a stop
    of hers could be anybody's. Her links are covered, except in a sandbox, where nobody is real."""
    if not covers_links(tools):
        return copy_of(db, tools, message)
    if message.fields is None or message.attempts == 0:
        raise NotFound(NOT_SENT)
    return frozen_bytes(db, tools, message, covered=True)


def html_for_her(db: Session, tools: Tools, client: Client, message_id: str, *, now: datetime) -> str:
    """The HTML part of an email to this client, for whoever holds its link, with all its links.

    NotFound where it is not hers, has not left or left `SHOWN_FOR` ago; Conflict as in `exact_copy`."""
    message = inbox.message(db, client.clinic_id, message_id)
    left_at = _left_at(message)
    if message.client_id != client.id or left_at is None or now >= left_at + SHOWN_FOR:
        raise NotFound(NOT_SENT)
    html = message_from_bytes(copy_of(db, tools, message), policy=policy.default).get_body(("html",))
    if html is None:
        raise ValueError("every email has an HTML part")
    return str(html.get_content())


def _left_at(message: Message) -> datetime | None:
    """She may open it before the mail server's answer is written down, or where that answer was lost."""
    perhaps = message.state in (MessageState.TRANSMITTING, MessageState.UNKNOWN)
    return message.sent_at or (message.mime_date if perhaps else None)


def covers_links(tools: Tools) -> bool:
    """Whether copies are shown to staff with the personal links covered."""
    return not tools.settings.sandbox
