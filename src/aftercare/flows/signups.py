"""Signing up for the newsletter by a form on the web: asking, and the yes behind the link (double opt-in).

Whoever types an address in is not known to own it. So the form only writes the address down, always with the
same statements and the same answer; a worker looks at it (`signup_mail`); and a client row, or consent,
comes only from the button behind the link that the mailbox got (ADR 20)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.signups import MOST_EVER, PER_NETWORK
from aftercare.errors import Conflict
from aftercare.flows import consent, newsletter_page
from aftercare.flows.readers import read_name
from aftercare.models import Client, NewsletterSignup
from aftercare.store import audit, clients, clinics, consents, newsletter_pages, signups
from aftercare.store.signups import Typed

TOPIC = "newsletter"
SLUG = "newsletter-confirmation"
SOURCE = "signup_form"


@dataclass(frozen=True)
class Pending:
    """What stands behind the link of an email that asks for a yes. `given`: her word as it stands;
    `stopped`: the clinic has stopped all emails to her since. No name: who typed it may have been a stranger,
    who would so write to her."""

    wording: str
    given: bool | None
    stopped: bool


def ask(db: Session, clinic_id: str, typed: Typed | None, *, network: str, unshifted: datetime) -> None:
    """Keep what the form said for a worker to look at, unless its network has sent too many today. `typed`:
    None for one that a program filled in; `network`: a keyed hash."""
    day = unshifted.date()
    signups.count(db, clinic_id, signups.ASKED, day)
    from_there = signups.count(db, clinic_id, network, day)
    if typed is not None and from_there <= PER_NETWORK:
        signups.ask(db, clinic_id, typed, unshifted)


def pending(db: Session, client: Client) -> Pending:
    """What the page behind the link shows this person."""
    person = _person(db, client)
    record = consents.current(db, person.id).get(TOPIC)
    given = None if record is None else record.given
    if client.signup_id is not None and signups.by_id(db, client.signup_id).confirmed_at is None:
        given = None
    return Pending(_wording(db, client), given, person.stopped_at is not None)


def say_yes(db: Session, client_id: str, first_name: str, *, now: datetime) -> Client:
    """She pressed the button behind the link: from now on she is a client who said yes to the newsletter, in
    the words that she was shown. The client; pressing again changes nothing. InvalidInput; Conflict where the
    clinic has stopped all emails to her since: staff take that back, not a link."""
    row = clients.by_id(db, client_id)
    if row is None:
        raise LookupError(client_id)
    wording = _wording(db, row)
    if row.signup_id is not None:
        row = _confirmed(db, row, signups.lock(db, row.signup_id), read_name(first_name), now)
    client = clients.lock(db, row.id)
    if client.stopped_at is not None:
        raise Conflict("All emails to this person are stopped.")
    if not consents.is_given(db, client.id, TOPIC):
        by = f"client:{client.id}"
        consent.give(db, client, [TOPIC], source=SOURCE, wording=wording, by=by, now=now)
        detail = {"topics": [TOPIC]}
        audit.record(db, client.clinic_id, "consent.given", client.id, actor=by, now=now, detail=detail)
    return client


def say_no(db: Session, client: Client, wording: str, *, now: datetime) -> None:
    """She does not want it, or never asked for it: her address is deleted, and nobody's typing brings this
    email to her again. Who is a client by now has her stop recorded."""
    if client.signup_id is None:
        consent.opt_out(db, client.id, TOPIC, source=SOURCE, wording=wording, now=now)
    else:
        signups.forget(db, [client.signup_id], confirmations=MOST_EVER)


def _confirmed(db: Session, row: Client, signup: NewsletterSignup, first_name: str, now: datetime) -> Client:
    """The client whose address it is, else the row itself, which becomes one."""
    client = _person(db, row)
    signup.confirmations, signup.confirmed_at = 0, now
    if client.id == row.id:
        row.email_key, row.signup_id, row.first_name = row.address_key, None, first_name
        by = f"client:{row.id}"
        audit.record(db, row.clinic_id, "client.added", row.id, actor=by, now=now)
    db.flush()
    return client


def _person(db: Session, row: Client) -> Client:
    """Whose address it is: a client who is known here, else the row itself."""
    known = clients.by_email(db, row.clinic_id, row.address_key) if row.signup_id else None
    return known or row


def _wording(db: Session, row: Client) -> str:
    """The words that she was shown: on the form, or, where she comes back later, on the page."""
    if row.signup_id is not None:
        return signups.by_id(db, row.signup_id).wording
    clinic = clinics.get(db, row.clinic_id)
    page = newsletter_pages.of_clinic(db, clinic.id)
    return newsletter_page.wording(clinic, page, row.language)
