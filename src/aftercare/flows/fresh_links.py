"""A fresh link by one account email, for somebody whose link was cut short.

The page only writes the address down, with the same statements and the same answer for every address; a
worker looks whether anybody has it. So neither answer nor time tells who is a client (standards
section 6)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.localtime import Anchor
from aftercare.flows import enrolments, replan, sequences
from aftercare.flows.calendar import zone_of
from aftercare.flows.readers import read_address
from aftercare.flows.starting import why_silent
from aftercare.flows.tools import Tools
from aftercare.mail.paths import templates_root
from aftercare.models import Client
from aftercare.models.client import COMPLAINT
from aftercare.store import audit, clients, clinics, link_requests
from aftercare.store import sequences as stored
from aftercare.store.consents import LINK_SLUG as SLUG
from aftercare.store.sequences import Published

MOST_WAITING = 1000
AT_ONCE = 50
QUIET = timedelta(days=1)
"""Nobody gets more than one a day, whoever types the address in."""


def ask(db: Session, typed: str, *, now: datetime) -> None:
    """Somebody typed this address into the form. InvalidInput where it is no address."""
    link_requests.ask(db, read_address(typed)[1], most=MOST_WAITING, now=now)


def answer_waiting(tools: Tools) -> None:
    """Send what was asked for; two workers at once send nothing twice."""
    now = tools.clock.now()
    with tools.reading() as db:
        waiting = link_requests.waiting(db, limit=AT_ONCE)
    for email_key in waiting:
        with tools.transaction() as db:
            if link_requests.take(db, email_key):
                for client_id in link_requests.people(db, email_key):
                    _send(db, clients.lock(db, client_id), now)


def _send(db: Session, client: Client, now: datetime) -> None:
    is_out = why_silent(db, client) is not None or client.held_reason == COMPLAINT
    if is_out or link_requests.sent_since(db, client.id, now - QUIET):
        return
    published = _published(db, client.clinic_id, now)
    anchor = Anchor.at(now, zone_of(client, clinics.get(db, client.clinic_id)))
    db.add(enrolments.new_run(client, published, anchor, {}, session_id=None, now=now))
    db.flush()
    by = f"client:{client.id}"
    replan.replan_client(db, client.id, now=now, by=by)
    audit.record(db, client.clinic_id, "link.asked", client.id, actor=by, now=now)


def _published(db: Session, clinic_id: str, now: datetime) -> Published:
    """The shipped email, or what the clinic has made of it."""
    found = next((one for one in stored.published(db, clinic_id) if one.sequence.slug == SLUG), None)
    if found is not None:
        return found
    files = sequences.read_folder(templates_root() / "sequences" / "en" / SLUG)
    version = sequences.publish(db, clinic_id, files, by="engine", now=now)
    return Published(stored.require(db, clinic_id, SLUG), version)
