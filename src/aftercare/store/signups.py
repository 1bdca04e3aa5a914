"""Sign-ups of the web form, their counters, and the rows by which the emails that ask for a yes leave."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.models import Attempt, Client, Enrolment, Message, NewsletterSignup, SignupTally
from aftercare.models.base import At
from aftercare.models.client import FOR_SIGNUP

SENT, ASKED = "sent", "asked"


@dataclass(frozen=True)
class Typed:
    """What a form says, as it is stored."""

    address_hash: str
    mailbox_hash: str
    email: str
    language: str
    wording: str


class MailboxCount(NamedTuple):
    """Emails that asked for a yes and got none, and when the last of them was made (UTC)."""

    sent: int
    last_sent_at: datetime | None


def count(db: Session, clinic_id: str, key: str, day: date, by: int = 1) -> int:
    """Add to a counter of the day, in one statement; what it says now. Its row stays locked until the end of
    the transaction."""
    statement = _insert(db, SignupTally).values(clinic_id=clinic_id, day=day, key=key, count=by)
    counted = statement.on_conflict_do_update(
        index_elements=["clinic_id", "day", "key"], set_={"count": SignupTally.count + by}
    ).returning(SignupTally.count)
    return db.scalar(counted) or 0


def counted(db: Session, clinic_id: str, key: str, since: date) -> int:
    """What a counter says for that day and all later ones."""
    query = select(func.sum(SignupTally.count)).where(
        SignupTally.clinic_id == clinic_id, SignupTally.key == key, SignupTally.day >= since
    )
    return int(db.scalar(query) or 0)


def ask(db: Session, clinic_id: str, typed: Typed, now: datetime) -> None:
    """Keep what was typed, for a worker to look at. The same statement for an address that is known here and
    for one that is not, so that neither the answer nor its time tells (ASVS 6.3.8).

    Where an email has gone out, what it and its page say stays: a stranger could write to her in them."""
    new = {
        "email": typed.email,
        "language": typed.language,
        "wording": typed.wording,
        "waits": True,
    }
    key = {"address_hash": typed.address_hash, "mailbox_hash": typed.mailbox_hash}
    statement = _insert(db, NewsletterSignup).values(clinic_id=clinic_id, asked_at=now, **key, **new)
    # Typing it in again and again must not keep it here for longer.
    first = case((NewsletterSignup.email.is_(None), now), else_=NewsletterSignup.asked_at)
    is_written_to = NewsletterSignup.email.is_not(None) & NewsletterSignup.last_sent_at.is_not(None)
    kept = {
        name: case((is_written_to, getattr(NewsletterSignup, name)), else_=new[name])
        for name in ("language", "wording")
    }
    again = statement.on_conflict_do_update(
        index_elements=["clinic_id", "address_hash"], set_={**new, **kept, "asked_at": first}
    )
    db.execute(again)


def clinics_waiting(db: Session) -> list[str]:
    """Clinics with sign-ups that nobody has looked at."""
    return sorted(db.scalars(waiting().distinct()))


def lock_waiting(db: Session, clinic_id: str, *, limit: int) -> list[NewsletterSignup]:
    """Sign-ups of a clinic that nobody has looked at, oldest first, locked."""
    query = (
        select(NewsletterSignup)
        .where(NewsletterSignup.clinic_id == clinic_id, NewsletterSignup.waits)
        .order_by(NewsletterSignup.asked_at, NewsletterSignup.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(db.scalars(query.execution_options(populate_existing=True)))


def mailbox(db: Session, clinic_id: str, mailbox_hash: str) -> MailboxCount:
    """What went to all spellings of one mailbox."""
    query = select(func.sum(NewsletterSignup.confirmations), func.max(NewsletterSignup.last_sent_at)).where(
        NewsletterSignup.clinic_id == clinic_id, NewsletterSignup.mailbox_hash == mailbox_hash
    )
    sent, last = db.execute(query).one()
    return MailboxCount(int(sent or 0), last)


def lock(db: Session, signup_id: str) -> NewsletterSignup:
    """A sign-up, locked until the transaction ends."""
    query = select(NewsletterSignup).where(NewsletterSignup.id == signup_id).with_for_update()
    return db.scalars(query.execution_options(populate_existing=True)).one()


def by_id(db: Session, signup_id: str) -> NewsletterSignup:
    """A sign-up."""
    return db.get_one(NewsletterSignup, signup_id)


def recipient(db: Session, signup: NewsletterSignup, email_key: str, *, now: datetime) -> Client:
    """The row by which the email that asks for a yes leaves: no client (ADR 20). It has no name: what a
    stranger typed must not be read by somebody else."""
    found = db.scalar(select(Client).where(Client.signup_id == signup.id))
    row = found or Client(clinic_id=signup.clinic_id, signup_id=signup.id, created_at=now)
    row.email, row.email_key = str(signup.email), FOR_SIGNUP + email_key
    row.language = signup.language
    db.add(row)
    db.flush()
    return row


def anything_to_forget(db: Session, before: datetime) -> bool:
    """Whether an address is stored that was last written to, or was typed in, before that instant."""
    return db.scalar(old(before).limit(1)) is not None


def due_to_be_forgotten(db: Session, before: datetime, *, limit: int = 100) -> list[str]:
    """Sign-ups that `anything_to_forget` speaks of, locked."""
    query = old(before).order_by(NewsletterSignup.id).limit(limit)
    return list(db.scalars(query.with_for_update(skip_locked=True)))


def forget(db: Session, signup_ids: Collection[str], **also: Any) -> None:
    """Delete who they are: address, and the row by which they got an email with all that hangs on it.
    The keyed hashes and how often we wrote stay."""
    recipients = select(Client.id).where(Client.signup_id.in_(signup_ids))
    theirs = select(Message.id).where(Message.client_id.in_(recipients))
    db.execute(delete(Attempt).where(Attempt.message_id.in_(theirs)))
    db.execute(delete(Message).where(Message.client_id.in_(recipients)))
    db.execute(delete(Enrolment).where(Enrolment.client_id.in_(recipients)))
    db.execute(delete(Client).where(Client.signup_id.in_(signup_ids)))
    db.execute(
        update(NewsletterSignup)
        .where(NewsletterSignup.id.in_(signup_ids))
        .values(email=None, wording="", waits=False, **also)
        .execution_options(synchronize_session=False)
    )


def drop_without_emails(db: Session, signup_ids: Collection[str]) -> None:
    """Delete those of these that no limit needs any more: nothing went out, or it was answered by a yes."""
    db.execute(
        delete(NewsletterSignup).where(
            NewsletterSignup.id.in_(signup_ids), NewsletterSignup.confirmations == 0
        )
    )


def forget_tallies(db: Session, before: date) -> None:
    """Delete counters of days before that one."""
    db.execute(delete(SignupTally).where(SignupTally.day < before))


def waiting() -> Select[str]:
    """The clinics of sign-ups that nobody has looked at."""
    return select(NewsletterSignup.clinic_id).where(NewsletterSignup.waits)


def old(before: At) -> Select[str]:
    """Sign-ups with an address that was last written to, or was typed in, before that instant."""
    latest = func.coalesce(NewsletterSignup.last_sent_at, NewsletterSignup.asked_at)
    return select(NewsletterSignup.id).where(
        latest < before, NewsletterSignup.email.is_not(None), ~NewsletterSignup.waits
    )


def _insert(db: Session, table: type[SignupTally | NewsletterSignup]) -> Any:
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(table)
