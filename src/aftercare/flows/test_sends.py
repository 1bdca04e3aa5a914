"""A draft email to whoever writes it: at once, beside the queue, counted nowhere."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy.orm import Session

from aftercare.domain import run_size
from aftercare.domain.outcomes import Accepted, Outcome, Permanent, Unknown
from aftercare.errors import Conflict
from aftercare.flows.pictures import SAMPLE_PEOPLE
from aftercare.flows.rendering import NOWHERE, theme_of
from aftercare.flows.resource_shelf import library_of
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.flows.tools import Tools
from aftercare.mail.compile import Variant, compile_email
from aftercare.mail.message_ids import bounce_address, boundary, message_id
from aftercare.mail.personalise import MessageInputs, build_message
from aftercare.mail.senders.base import Outgoing
from aftercare.models import Clinic
from aftercare.store import audit, clinics, sequence_counts

SENDER = "tests"
ACTION = "email.test_sent"
AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 20
MARK = "[Test] "
# Senders are not for two threads at once, and any number of editors may press the button.
_one_at_a_time = Lock()


def prepare(
    db: Session,
    tools: Tools,
    clinic_id: str,
    staff_id: str,
    files: SequenceFiles,
    step: str,
    *,
    sample: str = "maya",
    now: datetime,
) -> Outgoing:
    """The email of a step as a sample person would read it, addressed to a member of staff. It belongs to no
    list and to no client. Reads only; ContentError."""
    member, clinic = clinics.staff_member(db, clinic_id, staff_id), clinics.get(db, clinic_id)
    reader = SAMPLE_PEOPLE.get(sample, SAMPLE_PEOPLE["maya"])
    email = files.emails[step]
    marked = replace(email, subject=MARK + email.subject)
    size = run_size.ordinary(files.spec)
    country, form = reader.country or clinic.country, run_size.form(*size)
    variant = Variant(language=reader.language, country=country, run=form)
    library = library_of(db, tools, clinic_id)
    skeleton = compile_email(marked, theme_of(clinic, tools), variant, library, files.spec.public_name)
    values = {"first_name": reader.first_name, "therapist.first_name": reader.therapist}
    inputs = _inputs(tools, clinic, member.email, {**values, **run_size.values(*size)}, now)
    return Outgoing(
        key=inputs.message_id,
        mail_from=bounce_address(inputs.message_id),
        rcpt_to=member.email,
        content=build_message(skeleton, inputs),
    )


def note(db: Session, clinic_id: str, slug: str, step: str, *, by: str, now: datetime) -> None:
    """Write down that a test of this step goes to whoever asked for it. Conflict after too many."""
    if sequence_counts.acts_since(db, clinic_id, by, ACTION, now - AN_HOUR) >= MOST_AN_HOUR:
        raise Conflict(f"That were {MOST_AN_HOUR} tests within an hour. The preview shows the same email.")
    audit.record(db, clinic_id, ACTION, slug, actor=by, now=now, detail={"step": step})


def send(tools: Tools, outgoing: Outgoing) -> Outcome:
    """Hand it over, with no transaction open."""
    with _one_at_a_time:
        return dict(tools.sender(SENDER).send([outgoing]))[outgoing.key]


def in_words(outcome: Outcome, tools: Tools, address: str) -> tuple[str, bool]:
    """What became of it, for whoever pressed the button, and whether that is good."""
    match outcome:
        case Accepted() if not tools.settings.smtp_url:
            return "Written into the outbox folder: no mail server is set, so nothing leaves.", True
        case Accepted():
            return f"Sent to {address}.", True
        case Permanent(reason):
            return f"The mail server refused it ({reason}). Check your own address with the owner.", False
        case Unknown():
            return (
                f"It may have reached {address}: but nobody can know. Look before you repeat.",
                False,
            )
    return (
        f"The mail server does not take it now ({outcome.reason}). Try again in a few minutes.",
        False,
    )


def _inputs(
    tools: Tools, clinic: Clinic, address: str, values: dict[str, str], now: datetime
) -> MessageInputs:
    link, name = tools.settings.public_url + NOWHERE, secrets.token_hex(16)
    return MessageInputs(
        message_id=message_id(tools.message_id_key, name, tools.settings.mail_domain),
        date=now.replace(microsecond=0),
        boundary=boundary(tools.message_id_key, name),
        to_address=address,
        values=values,
        unsubscribe_url=link,
        settings_url=link,
        checkin_url=link,
        list_id=f"test.{tools.settings.mail_domain}",
        reply_to=clinic.reply_to,
        from_name=clinic.sender_name,
        from_address=clinic.sender_address,
        purpose="account",
    )
