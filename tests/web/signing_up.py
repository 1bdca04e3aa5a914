"""Somebody at the sign-up form, and the mailbox that she looks into."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import httpx
from sqlalchemy import select

from aftercare.clock import SteppedClock
from aftercare.flows import newsletter_page
from aftercare.flows.newsletter_page import Choices
from aftercare.models import NewsletterSignup
from aftercare.store import clients, consents
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.visitor import Visitor

PAGE = "/n/willow-lane-clinic"


def opened(world: World, **choices: Any) -> None:
    """The clinic's form, open unless `choices` say otherwise."""
    with world.app.transaction() as db:
        chosen = Choices(**{"takes_signups": True} | choices)
        newsletter_page.choose(db, world.clinic_id, chosen, by="sam", now=world.app.clock.now())


def later(world: World, after: timedelta) -> None:
    """So long after the Monday on which it all begins."""
    assert isinstance(world.app.clock, SteppedClock)
    world.app.clock.set(MONDAY_14 + after)


def sign_up(visitor: Visitor, email: str, **form: str) -> httpx.Response:
    """The form, sent."""
    return visitor.post(PAGE, data={"email": email} | form)


def mailbox(world: World, email: str) -> list[str]:
    """The texts of all emails in somebody's mailbox, oldest first."""
    found = []
    for path in (world.app.settings.data_dir / "outbox").rglob("*.eml"):
        letter = message_from_bytes(path.read_bytes(), policy=default)
        body = letter.get_body(("plain",))
        if str(letter["To"]).casefold() == email.casefold() and body is not None:
            found.append((str(letter["Date"]), f"{letter['Subject']}\n{body.get_content()}"))
    return [text for _, text in sorted(found)]


def link_in(world: World, text: str) -> str:
    """The path behind the button of an email."""
    found = re.search(re.escape(world.app.settings.public_url) + r"(/c/[\w.-]+)", text)
    assert found
    return found[1]


def word_of(world: World, email: str) -> bool | None:
    """What this client said to the newsletter; None where there is no such client, or no word."""
    with world.app.reading() as db:
        client = clients.by_email(db, world.clinic_id, email)
        record = consents.current(db, client.id).get("newsletter") if client else None
    return None if record is None else record.given


def stored(world: World) -> list[NewsletterSignup]:
    """All sign-ups."""
    with world.app.reading() as db:
        return list(db.scalars(select(NewsletterSignup).order_by(NewsletterSignup.asked_at)))
