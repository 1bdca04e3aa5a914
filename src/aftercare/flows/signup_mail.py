"""The one email that asks for a yes after a sign-up, made by a worker: the request never waits for it, so
its time says nothing about whom we know."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.localtime import Anchor
from aftercare.domain.signups import FORGET_AFTER, Facts, refusal
from aftercare.flows import enrolments, replan, sequences
from aftercare.flows.calendar import zone_of
from aftercare.flows.readers import read_address
from aftercare.flows.signups import SLUG, TOPIC
from aftercare.flows.tools import Tools
from aftercare.mail.paths import templates_root
from aftercare.models import Client, NewsletterSignup
from aftercare.store import clients, clinics, consents, newsletter_pages, roster, signups
from aftercare.store import sequences as stored
from aftercare.store.sequences import Published

AT_ONCE = 100
"""Sign-ups that are looked at in one transaction."""
TALLIES_KEPT = timedelta(days=7)
ALARM_FROM = 25
"""Forms in two days that brought no email: somebody who is only impatient sends a handful."""


def confirm_waiting(tools: Tools) -> None:
    """Look at every sign-up that waits, and forget those that nobody confirmed. Two workers at once do not
    send twice: the sign-ups of a clinic take turns."""
    now, unshifted = tools.clock.now(), tools.clock.unshifted()
    with tools.reading() as db:
        waiting = signups.clinics_waiting(db)
        is_work = bool(waiting) or signups.anything_to_forget(db, unshifted - FORGET_AFTER)
    for clinic_id in waiting:
        with tools.transaction() as db:
            ask_for_a_yes(db, clinic_id, now=now, unshifted=unshifted)
    if is_work:
        with tools.transaction() as db:
            forget_old(db, unshifted)


def ask_for_a_yes(db: Session, clinic_id: str, *, now: datetime, unshifted: datetime) -> int:
    """Send one email to each address that waits and may have one; returns how many. The others are let go of:
    nothing is sent later because of what was typed today."""
    day = unshifted.date()
    sent = before = signups.count(db, clinic_id, signups.SENT, day, by=0)
    page = newsletter_pages.of_clinic(db, clinic_id)
    is_open = page is not None and page.takes_signups
    for signup in signups.lock_waiting(db, clinic_id, limit=AT_ONCE):
        signup.waits = False
        facts = _facts(db, signup, sent, is_open=is_open)
        if refusal(facts, unshifted) is None:
            _send(db, signup, now)
            signup.confirmations, signup.last_sent_at = signup.confirmations + 1, unshifted
            sent += 1
        db.flush()
    signups.count(db, clinic_id, signups.SENT, day, by=sent - before)
    return sent - before


def forget_old(db: Session, unshifted: datetime) -> None:
    """Who has not confirmed within thirty days is deleted, but for the keyed hashes that keep the limit."""
    old = signups.due_to_be_forgotten(db, unshifted - FORGET_AFTER)
    signups.forget(db, old)
    signups.drop_without_emails(db, old)
    signups.forget_tallies(db, (unshifted - TALLIES_KEPT).date())


def unanswered(db: Session, clinic_id: str, unshifted: datetime) -> int:
    """How many forms of today and yesterday brought no email, where that is unusual; else 0."""
    since = (unshifted - timedelta(days=1)).date()
    asked = signups.counted(db, clinic_id, signups.ASKED, since)
    missing = asked - signups.counted(db, clinic_id, signups.SENT, since)
    return missing if missing >= ALARM_FROM else 0


def _facts(db: Session, signup: NewsletterSignup, sent_today: int, *, is_open: bool) -> Facts:
    key = read_address(str(signup.email))[1]
    client = clients.by_email(db, signup.clinic_id, key)
    record = consents.current(db, client.id).get(TOPIC) if client else None
    mailbox = signups.mailbox(db, signup.clinic_id, signup.mailbox_hash)
    return Facts(
        takes_signups=is_open,
        suppressed=bool(roster.suppressed(db, signup.clinic_id, [key])) or _is_left_alone(client),
        consent=None if record is None else record.given,
        sent=mailbox.sent,
        last_sent_at=mailbox.last_sent_at,
        sent_by_clinic_today=sent_today,
    )


def _is_left_alone(client: Client | None) -> bool:
    """Nobody who has died, or complains of us, is written to because somebody typed the address."""
    return client is not None and (client.stopped_at is not None or client.held_reason == "complaint_open")


def _send(db: Session, signup: NewsletterSignup, now: datetime) -> None:
    published = _published(db, signup.clinic_id, now)
    row = signups.recipient(db, signup, read_address(str(signup.email))[1], now=now)
    row = clients.lock(db, row.id)
    anchor = Anchor.at(now, zone_of(row, clinics.get(db, row.clinic_id)))
    db.add(enrolments.new_run(row, published, anchor, {}, session_id=None, now=now))
    db.flush()
    replan.replan_client(db, row.id, now=now)


def _published(db: Session, clinic_id: str, now: datetime) -> Published:
    """The shipped email, or what the clinic has made of it."""
    found = next((one for one in stored.published(db, clinic_id) if one.sequence.slug == SLUG), None)
    if found is not None:
        return found
    files = sequences.read_folder(templates_root() / "sequences" / "en" / SLUG)
    version = sequences.publish(db, clinic_id, files, by="engine", now=now)
    return Published(stored.require(db, clinic_id, SLUG), version)
