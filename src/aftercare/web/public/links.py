"""Who stands behind a signed link."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from aftercare.bootstrap import App
from aftercare.flows.consent import EVERYTHING
from aftercare.mail.colours import Colours
from aftercare.mail.tokens import BadToken, Purpose, Token, read, sign
from aftercare.models import Client, Clinic
from aftercare.store import clients, clinics

IN_WORDS = ("aftercare", "staying-in-touch", "newsletter")
"""Topics that the pages have words for."""


@dataclass(frozen=True)
class Holder:
    """The person whom a link was made for, and what it is about."""

    client: Client
    clinic: Clinic
    topic: str

    @property
    def emails(self) -> str:
        """Which of the pages' words for topics fit; never a sequence's name, which could say too much."""
        if self.about_everything:
            return "all"
        return self.topic if self.topic in IN_WORDS else "other"

    @property
    def language(self) -> str:
        """What she reads."""
        return self.client.language

    @property
    def about_everything(self) -> bool:
        """Whether the link speaks of all emails of the clinic."""
        return self.topic == EVERYTHING

    @property
    def is_colleague(self) -> bool:
        """Whether this is somebody who works there: pace, pauses and topics are for clients."""
        return self.client.staff_id is not None

    @property
    def address(self) -> str:
        """The address so that she knows it and nobody else learns it: s•••@mail.com."""
        local, _, domain = self.client.email.rpartition("@")
        return f"{local[:1]}•••@{domain}"

    @property
    def colours(self) -> Colours:
        """The clinic's palette."""
        return Colours(**self.clinic.colours)


def read_link(app: App, text: str, purpose: Purpose) -> Token:
    """The token of a link that was signed for `purpose`; BadToken for everything else alike."""
    token = read(app.token_keys, text)
    if token.purpose is not purpose:
        raise BadToken
    return token


def holder_of(db: Session, token: Token) -> Holder:
    """The person of a genuine token; BadToken where she is gone or has had her links renewed."""
    client = clients.by_id(db, token.client_id)
    if client is None or client.token_epoch != token.epoch:
        raise BadToken
    return Holder(client, clinics.get(db, client.clinic_id), token.topic)


def link_for(app: App, holder: Holder, purpose: Purpose, topic: str) -> str:
    """A fresh token for the same person."""
    return sign(app.token_keys, purpose, holder.client.id, topic, holder.client.token_epoch)
