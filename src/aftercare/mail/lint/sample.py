"""A clinic and a person that do not exist, to check and to show an email with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from aftercare.domain import run_size
from aftercare.domain.steps import SequenceSpec
from aftercare.mail.compile import Variant, Why, compile_email, reading_for
from aftercare.mail.document import EmailDocument
from aftercare.mail.library import Library, load_library
from aftercare.mail.lint.letter import Letter, Origin, from_bytes
from aftercare.mail.lint.passages import content_passages
from aftercare.mail.paths import templates_root
from aftercare.mail.personalise import MessageInputs, build_message
from aftercare.mail.theme import Theme

THEME = Theme(
    clinic_name="Willow Lane Clinic",
    sender_name="Willow Lane",
    sender_address="hello@willowlane.example.com",
    reply_to="hello@willowlane.example.com",
    reply_reader="Alex at the front desk",
    postal_address="12 Willow Lane, Leeds LS1 4AB, United Kingdom",
    phone="0113 496 0000",
    hours="Monday to Friday, 9:00 to 17:00",
    country="GB",
    list_id_domain="willowlane.example.com",
    public_base_url="https://willowlane.example.com",
)
SOME_MONDAY = datetime(2026, 11, 23, 17, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Who reads it. `country` is an ISO 3166 code in capitals, `cards` names a card per rotating block."""

    first_name: str = "Maya"
    country: str = ""
    language: str = "en"
    therapist: str = "Sam"
    returning: bool = False
    cards: Mapping[str, str] = field(default_factory=dict)


_WHY: dict[str, Why] = {"therapist-guide": "staff", "call-back": "alert", "offered-support": "offered"}


@dataclass(frozen=True)
class Written:
    """An email as its file says it, with what its sequence says of all its emails."""

    slug: str
    email: EmailDocument
    public_name: str = "Emails after your visit"
    topic: str = "aftercare"
    purpose: str = "care"
    emails: int = 1
    days: int = 1


def written(slug: str, email: EmailDocument, spec: SequenceSpec) -> Written:
    """An email of a sequence."""
    emails, days = run_size.ordinary(spec)
    return Written(slug, email, spec.public_name, spec.topic, spec.purpose, emails, days)


@cache
def shelf() -> Library:
    """The shipped library."""
    return load_library(templates_root())


@dataclass(frozen=True)
class Setting:
    """Whose email it is: a clinic's theme, and the library that its blocks draw on."""

    theme: Theme = THEME
    library: Library = field(default_factory=shelf)


def why_of(slug: str, purpose: str) -> Why:
    """The footer's reason, as the engine chooses it for the sequences that come with Aftercare."""
    return _WHY.get(slug) or ("request" if purpose == "account" else "consent")


def message(one: Written, person: Person | None = None, setting: Setting | None = None) -> bytes:
    """The complete bytes that this person would get. ContentError."""
    person, setting = person or Person(), setting or Setting()
    variant = Variant(
        language=person.language,
        country=person.country or setting.theme.country,
        returning=person.returning,
        cards=tuple(sorted(person.cards.items())),
        why=why_of(one.slug, one.purpose),
        run=run_size.form(one.emails, one.days),
    )
    skeleton = compile_email(one.email, setting.theme, variant, setting.library, one.public_name)
    return build_message(skeleton, _inputs(one, person, setting.theme))


def letters(one: Written, person: Person | None = None, setting: Setting | None = None) -> list[Letter]:
    """The readings of an email: the first, and a regular's where that differs. ContentError."""
    person, setting = person or Person(), setting or Setting()
    origin = _origin(one, person.language, setting)
    again = any(block.when != "always" for block in one.email.blocks)
    people = [replace(person, returning=returning) for returning in ((False, True) if again else (False,))]
    return [from_bytes(message(one, reader, setting), one.slug or "email", origin) for reader in people]


def _origin(one: Written, language: str, setting: Setting) -> Origin:
    library = setting.library
    reading = reading_for(one.email, language, library, one.public_name)
    prompts = library.in_language(library.tag_for(reading.language)).prompts
    values = _values(one, setting.theme)
    passages = tuple(content_passages(reading.document, reading.public_name, prompts, values))
    return Origin(
        slug=one.slug,
        topic=one.topic,
        purpose=one.purpose,
        public_name=reading.public_name,
        preheader=next(passage.text for passage in passages if passage.where == "preheader"),
        blocks=reading.document.blocks,
        passages=passages,
    )


def _values(one: Written, theme: Theme) -> dict[str, str]:
    return {
        **run_size.values(one.emails, one.days),
        "clinic.name": theme.clinic_name,
        "clinic.phone": theme.phone,
        "clinic.hours": theme.hours,
        "clinic.reply_reader": theme.reply_reader,
    }


def _inputs(one: Written, person: Person, theme: Theme) -> MessageInputs:
    link = f"{theme.public_base_url.rstrip('/')}/u/sample"
    values = {"first_name": person.first_name, "therapist.first_name": person.therapist}
    return MessageInputs(
        message_id=f"<ac.sample@{theme.list_id_domain}>",
        date=SOME_MONDAY,
        boundary="aftercare-sample-boundary",
        to_address="maya@example.com",
        values=values | _values(one, theme),
        unsubscribe_url=link,
        settings_url=link,
        consent_url=link,
        checkin_url=link,
        list_id=f"{one.topic.replace('_', '-').lower()}.{theme.list_id_domain}",
        reply_to=theme.reply_to,
        from_name=theme.sender_name,
        from_address=theme.sender_address,
        purpose=one.purpose,
    )
