"""What an email will look like, for the eye of staff, through the same steps as sending: compile, fill in,
build. Nothing is written, and the personal links lead to `NOWHERE`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

from sqlalchemy.orm import Session

from aftercare.domain import run_size
from aftercare.domain.steps import SequenceSpec
from aftercare.flows import copies
from aftercare.flows.calendar import spec_of
from aftercare.flows.cards import deal, remember
from aftercare.flows.rendering import NOWHERE, theme_of
from aftercare.flows.resource_shelf import library_of
from aftercare.flows.tools import Tools
from aftercare.mail import fields
from aftercare.mail.compile import Variant, compile_email, reading_for
from aftercare.mail.document import EmailDocument
from aftercare.mail.personalise import MessageInputs, build_message
from aftercare.models import Client, Clinic
from aftercare.store import clients, clinics, consents, inbox, messages, pictures, sequences
from aftercare.store.inbox import Letter
from aftercare.store.pictures import Illustrated

SOME_MONDAY = datetime(2026, 1, 5, 14, tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """For whom an email is shown. `label` is for the list to choose from; `timezone` moves dates, not words;
    no zone and no country: the clinic's."""

    label: str
    first_name: str
    timezone: str | None = None
    country: str | None = None
    language: str = "en"
    therapist: str = "Sam"


SAMPLE_PEOPLE: Mapping[str, Reader] = {
    "maya": Reader("Maya", "Maya"),
    "no-name": Reader("No first name", ""),
    "long-name": Reader("A long name", "Wilhelmina-Alexandrine van der Hoogenband-Castellanos"),
    "emoji": Reader("A name with an emoji", "Ana 🌿"),
    "right-to-left": Reader("A name from right to left", "שירה"),
    "other-zone": Reader("Another time zone", "Kirra", timezone="Australia/Sydney", country="AU"),
    "spanish": Reader("Someone who reads Spanish", "Lucía", language="es"),
    "other-country": Reader("A country without lines of its own", "Inês", "America/Sao_Paulo", "BR"),
}


@dataclass(frozen=True)
class Occasion:
    """Why an email is sent: under which public name, as part of how many emails over how many days.
    `returning`: as a regular reads it; `cards`: the card that each rotating block shows (else its first)."""

    public_name: str
    emails: int
    days: int
    purpose: str = "care"
    returning: bool = False
    cards: Mapping[str, str] = field(default_factory=dict)
    marketing: bool = True


@dataclass(frozen=True)
class Picture:
    """An email as it will be read."""

    subject: str
    preheader: str
    html: str
    text: str


def of_message(db: Session, tools: Tools, clinic_id: str, message_id: str) -> Picture:
    """A message of this clinic: what left, to the letter; else what would leave as things stand. NotFound."""
    letter = inbox.letter(db, clinic_id, message_id)
    if letter.message.attempts > 0:
        return of_copy(letter, copies.copy_to_show(db, tools, letter.message))
    origin = inbox.origin(db, letter.message)
    run_id = origin.enrolment.id
    emails, days = messages.run_sizes(db, [run_id]).get(run_id) or run_size.ordinary(spec_of(origin.version))
    occasion = Occasion(
        public_name=letter.sequence.public_name,
        emails=emails,
        days=days,
        purpose=letter.message.purpose,
        returning=origin.enrolment.every_visit_only,
        cards=letter.message.cards,
        marketing=consents.hears_more(db, letter.client.id),
    )
    reader = reader_of(letter.client, origin.therapist.first_name if origin.therapist else "")
    clinic = clinics.get(db, clinic_id)
    return of_document(db, tools, clinic, EmailDocument.from_json(letter.email.document), reader, occasion)


def of_copy(letter: Letter, content: bytes) -> Picture:
    """The picture of an exact copy."""
    document = letter.email.document
    values = (letter.message.fields or {}).get("values", {})
    tag = str(message_from_bytes(content, policy=policy.default)["Content-Language"])
    said = document.get("translations", {}).get(tag, document)
    return _read(content, line(said["preheader"], values))


def of_email(
    db: Session,
    tools: Tools,
    clinic_id: str,
    email_version_id: str,
    *,
    now: datetime,
    sample: str = "maya",
    client_id: str | None = None,
    therapist_id: str | None = None,
    returning: bool = False,
) -> Picture:
    """A step's email, for one of `SAMPLE_PEOPLE` or a client of this clinic, with the cards that she would be
    dealt after a visit to this therapist. NotFound."""
    shown = pictures.of_email(db, clinic_id, email_version_id)
    clinic = clinics.get(db, clinic_id)
    occasion = occasion_of(spec_of(shown.version), returning=returning)
    occasion = replace(occasion, public_name=shown.sequence.public_name)
    document = EmailDocument.from_json(shown.email.document)
    if client_id is None:
        reader = SAMPLE_PEOPLE.get(sample, SAMPLE_PEOPLE["maya"])
        return of_document(db, tools, clinic, document, reader, occasion)
    client = clients.get(db, clinic_id, client_id)
    planned = pictures.planned_for(db, client.id, email_version_id)
    if planned is not None:
        return of_message(db, tools, clinic_id, planned)
    cards = _cards(db, client, shown, now, returning=returning)
    occasion = replace(occasion, cards=cards, marketing=consents.hears_more(db, client.id))
    therapist = clinics.staff_member(db, clinic_id, therapist_id).first_name if therapist_id else ""
    return of_document(db, tools, clinic, document, reader_of(client, therapist), occasion)


def of_document(
    db: Session, tools: Tools, clinic: Clinic, document: EmailDocument, reader: Reader, occasion: Occasion
) -> Picture:
    """Any email, also one that is being written. ContentError names the place and the fix."""
    variant = Variant(
        language=reader.language,
        country=reader.country or clinic.country,
        returning=occasion.returning,
        cards=tuple(sorted(occasion.cards.items())),
        marketing=occasion.marketing,
        why="request" if occasion.purpose == "account" else "consent",
        run=run_size.form(occasion.emails, occasion.days),
    )
    library = library_of(db, tools, clinic.id)
    skeleton = compile_email(document, theme_of(clinic, tools), variant, library, occasion.public_name)
    inputs = _inputs(tools, clinic, reader, occasion)
    said = reading_for(document, reader.language, library, occasion.public_name).document
    return _read(build_message(skeleton, inputs), line(said.preheader, inputs.values))


def occasion_of(spec: SequenceSpec, *, returning: bool = False) -> Occasion:
    """What a sequence says of all its emails."""
    emails, days = run_size.ordinary(spec)
    return Occasion(spec.public_name, emails, days, spec.purpose, returning)


def reader_of(client: Client, therapist: str = "") -> Reader:
    """A client as a reader."""
    return Reader(
        label=client.first_name or "No first name",
        first_name=client.first_name,
        timezone=client.timezone,
        country=client.country,
        language=client.language,
        therapist=therapist,
    )


def line(text: str, values: Mapping[str, str]) -> str:
    """A subject or preheader with its merge fields filled in."""
    parts = fields.parse(text, "line")
    return "".join(part if isinstance(part, str) else values.get(part.name, "") for part in parts)


def _cards(
    db: Session, client: Client, shown: Illustrated, now: datetime, *, returning: bool
) -> dict[str, str]:
    """What she would be dealt if the sequence began now: one email after the other, as the planner does."""
    memory = remember(db, client.id)
    emails = sequences.emails_of(db, shown.version.id)
    for step in spec_of(shown.version).steps:
        cards = deal(emails[step.key], memory, now, returning=returning)
        if step.key == shown.step_key:
            return cards or {}
    return {}


def _inputs(tools: Tools, clinic: Clinic, reader: Reader, occasion: Occasion) -> MessageInputs:
    link = tools.settings.public_url + NOWHERE
    return MessageInputs(
        message_id=f"<ac.picture@{tools.settings.mail_domain}>",
        date=SOME_MONDAY,
        boundary="=_ac_picture",
        to_address="reader@example.com",
        values={
            "first_name": reader.first_name,
            "therapist.first_name": reader.therapist,
            **run_size.values(occasion.emails, occasion.days),
        },
        unsubscribe_url=link,
        settings_url=link,
        consent_url=link,
        checkin_url=link,
        list_id=f"picture.{tools.settings.mail_domain}",
        reply_to=clinic.reply_to,
        from_name=clinic.sender_name,
        from_address=clinic.sender_address,
        purpose=occasion.purpose,
    )


def _read(content: bytes, preheader: str) -> Picture:
    mail = message_from_bytes(content, policy=policy.default)
    bodies = {kind: body.get_content() for kind in ("html", "plain") if (body := mail.get_body((kind,)))}
    return Picture(str(mail["Subject"]), preheader, bodies["html"], bodies["plain"])
