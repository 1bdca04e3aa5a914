"""Every shipped email and guide page as a person would get it: for pictures, checks and reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy

from aftercare.domain import run_size
from aftercare.domain.steps import SequenceSpec
from aftercare.flows.sequence_files import SequenceFiles, folders_in, read_folder
from aftercare.mail.compile import Variant, compile_email
from aftercare.mail.library import Library, load_library
from aftercare.mail.lint.sample import why_of
from aftercare.mail.page import render_page
from aftercare.mail.paths import templates_root
from aftercare.mail.personalise import MessageInputs, build_message
from aftercare.mail.scene import BASE
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
ODD_NAMES = {
    "none": "",
    "emoji": "Zoë 🌿🧡",
    # Of plainer fonts: where a machine has none for emoji, the name above shows as boxes on pictures.
    "signs": "Zoë ★☂",
    "right to left": "\u200fمريم عبد الرحمن\u200f",
    "template syntax": "{{ clinic.name }} {% for x in y %} ${7*7} <b>&amp;",
    "a hundred characters": "Wolfeschlegelsteinhausenbergerdorff" * 2 + " de la Santísima Trinidad y Todos",
    "one long word": "Nebahatpirinççioğlusüleymanoğullarından" * 2,
}
"""First names that a careless page breaks on."""
LINK = "https://willowlane.example.com/u/sample"


@dataclass(frozen=True)
class SampleEmail:
    """One email: where it stands, its subject, and both bodies."""

    sequence: str
    step: str
    subject: str
    html: str
    text: str
    raw: bytes

    @property
    def name(self) -> str:
        """`sequence/step`, with `-again` behind it for the regulars' reading."""
        return f"{self.sequence}/{self.step}"


def sample_emails(first_name: str = "Maya", language: str = BASE) -> list[SampleEmail]:
    """All emails that are shipped in a language, in the order of their sequences; those for regulars once
    more as they read them."""
    library = load_library(templates_root())
    return list(_emails(library, first_name, language))


def sample_pages(language: str = BASE) -> dict[str, str]:
    """All guide pages that are shipped in a language as HTML, by slug."""
    library = load_library(templates_root())
    guides = sorted(library.in_language(language).guides.items())
    return {
        slug: render_page(guide, library, language=language)
        for slug, guide in guides
        if guide.language == language
    }


def _emails(library: Library, first_name: str, language: str) -> Iterator[SampleEmail]:
    folders = reversed(folders_in(templates_root() / "sequences" / BASE))
    for files in map(read_folder, folders):
        for step in files.spec.steps:
            if language != BASE and language not in files.emails[step.key].translations:
                continue
            for returning in (False, True) if step.every_visit else (False,):
                form = run_size.form(*run_size.ordinary(files.spec))
                variant = Variant(
                    language, "GB", returning, why=why_of(files.slug, files.spec.purpose), run=form
                )
                yield _email(library, files, step.key, first_name, variant)


def _email(
    library: Library, files: SequenceFiles, step: str, first_name: str, variant: Variant
) -> SampleEmail:
    spec = files.spec
    skeleton = compile_email(files.emails[step], THEME, variant, library, spec.public_name)
    raw = build_message(skeleton, _inputs(first_name, spec))
    mail = message_from_bytes(raw, policy=policy.default)
    bodies = {kind: body.get_content() for kind in ("html", "plain") if (body := mail.get_body((kind,)))}
    name = f"{step}-again" if variant.returning else step
    return SampleEmail(files.slug, name, str(mail["Subject"]), bodies["html"], bodies["plain"], raw)


def _inputs(first_name: str, spec: SequenceSpec) -> MessageInputs:
    values = {
        "first_name": first_name,
        "therapist.first_name": "Sam",
        **run_size.values(*run_size.ordinary(spec)),
    }
    return MessageInputs(
        message_id="<ac.sample@willowlane.example.com>",
        date=datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
        boundary="aftercare-sample-boundary",
        to_address="maya@example.com",
        values=values,
        unsubscribe_url=LINK,
        settings_url=LINK,
        consent_url=LINK,
        checkin_url=LINK,
        list_id="aftercare.willowlane.example.com",
        reply_to=THEME.reply_to,
        from_name=THEME.sender_name,
        from_address=THEME.sender_address,
        purpose=spec.purpose,
    )
