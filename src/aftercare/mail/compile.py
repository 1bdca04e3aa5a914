"""Blocks -> Jinja -> MJML -> HTML, and text from the same blocks, both as a skeleton with slots."""

import re
import secrets
from dataclasses import dataclass, replace
from typing import Literal

from mjml import mjml2html

from aftercare.domain.run_size import Form
from aftercare.errors import ContentError
from aftercare.mail import qp
from aftercare.mail.blocks.base import Block
from aftercare.mail.document import EmailDocument
from aftercare.mail.fields import CALL_TOLD, CALL_WHEN, Field, parse
from aftercare.mail.library import Library
from aftercare.mail.render import render
from aftercare.mail.scene import BASE, Scene, root_of
from aftercare.mail.skeleton import Parts, Skeleton, Slot
from aftercare.mail.theme import Theme
from aftercare.mail.wrapping import stand_in

#: Slots that the shipped templates fill in by themselves, beside those that the content asks for.
PER_MESSAGE = (
    "unsubscribe_url",
    "settings_url",
    "view_url",
    "consent_url",
    "checkin_url",
    "app_url",
    "run.emails",
    "run.days",
    "run.weeks",
)
#: Why somebody gets it: she agreed to it, asked for it, was offered it, works here, or must know of it.
Why = Literal["consent", "request", "offered", "staff", "alert"]
#: Columns that a value is likely to take in a line of text.
_WIDTHS = {
    "run.emails": 2,
    "run.days": 2,
    "run.weeks": 2,
    CALL_WHEN: 60,
    CALL_TOLD: 80,
    "week.emails": 16,
    "week.waiting": 10,
}
_NAME_WIDTH = 20
#: What the frame of every email says: who sends it, from where (CAN-SPAM), and who reads replies when.
_REQUIRED = ("clinic_name", "postal_address", "reply_reader", "hours")


@dataclass(frozen=True)
class Variant:
    """Which reading of an email: one compiled skeleton serves everybody who shares it.

    `language` is a BCP 47 tag, `country` ISO 3166 capitals (or "" for unknown), `cards` picks one card of
    each deck by its key (a deck not named shows its first), `why` chooses the footer's reason, `marketing`
    says whether blocks that sell may stay: they go only to those who agreed to such emails, `run` how a run
    note says what will come."""

    language: str = "en"
    country: str = "GB"
    returning: bool = False
    cards: tuple[tuple[str, str], ...] = ()
    why: Why = "consent"
    marketing: bool = True
    run: Form = "days"


class _Slots:
    """Stand-ins that no content can contain by accident or on purpose, and the slots they stand for."""

    def __init__(self) -> None:
        self._salt = secrets.token_hex(8)
        self._slots: list[Slot] = []

    def mark(self, field: Field) -> str:
        self._slots.append(Slot(field.name, field.fallback))
        return stand_in(self._salt, len(self._slots) - 1, _WIDTHS.get(field.name, _NAME_WIDTH))

    def split(self, text: str) -> tuple[str | Slot, ...]:
        pieces = re.split(stand_in(self._salt, "([0-9]+)", "[0-9]+"), text)
        parts = [self._slots[int(p)] if n % 2 else p for n, p in enumerate(pieces)]
        return tuple(part for part in parts if part)


@dataclass(frozen=True)
class Reading:
    """An email in the one language that all of it comes in; `language` is that text's own tag."""

    language: str
    document: EmailDocument
    public_name: str


def reading_for(document: EmailDocument, language: str, library: Library, public_name: str) -> Reading:
    """The email in her language, else in a more general one (`es` for `es-MX`), else in English: frame,
    blocks and library alike, never half and half. ContentError."""
    tag = library.tag_for(language)
    found = None if tag == BASE else document.translation(tag)
    if found is None:
        return Reading(language if root_of(language) == BASE else BASE, document, public_name)
    return Reading(tag, found.document, found.public_name)


def compile_email(
    document: EmailDocument, theme: Theme, variant: Variant, library: Library, public_name: str
) -> Skeleton:
    """Compile once per (email version, theme version, variant), in the language of `reading_for`. Raises
    ContentError naming place and fix."""
    reading = reading_for(document, variant.language, library, public_name)
    document = reading.document
    scene = _scene(reading, theme, variant, library)
    shown = replace(document, blocks=tuple(b for b in document.blocks if _is_for(b, variant)))
    slots = _Slots()
    outside = {name.replace(".", "_"): slots.mark(Field(name)) for name in PER_MESSAGE}
    outside |= {"public_name": reading.public_name, "why": _why(shown, variant), "run": variant.run}
    mjml = render("layout.mjml.j2", shown, scene, slots.mark, **outside)
    text = render("layout.txt.j2", shown, scene, slots.mark, **outside)
    return Skeleton(
        subject=tuple(p if isinstance(p, str) else Slot(p.name) for p in parse(document.subject, "subject")),
        html=_encoded(slots.split(_html(mjml))),
        text=_encoded(slots.split(_tidy(text))),
        language=reading.language,
        dir=scene.dir,
    )


def _scene(reading: Reading, theme: Theme, variant: Variant, library: Library) -> Scene:
    for name in _REQUIRED:
        if not getattr(theme, name).strip():
            raise ContentError(
                f"theme: {name} is empty, and every email shows it. Fill it in for this clinic."
            )
    decks = reading.document.decks()
    for deck, _card in variant.cards:
        if deck not in decks:
            raise ContentError(f"cards: this email has no deck {deck}. It has: {', '.join(decks) or 'none'}.")
    shelf = library.in_language(library.tag_for(reading.language))
    return shelf.scene(reading.language, theme, variant.country, dict(variant.cards))


def _why(document: EmailDocument, variant: Variant) -> str:
    """Whoever is asked has said yes to nothing yet, and the footer must not say so. In care mail the button
    changes nothing: that has to show the link for leaving."""
    asks = any(block.type == "consent_button" for block in document.blocks)
    return "ask" if asks and variant.why == "request" else variant.why


def _is_for(block: Block, variant: Variant) -> bool:
    if block.type == "run_note" and variant.run == "none":
        return False
    fits = block.when == "always" or (block.when == "returning") == variant.returning
    return fits and (variant.marketing or block.purpose == "care")


def _html(mjml: str) -> str:
    """No fonts and no icons from anybody else's server, no comments of ours in the mail."""
    try:
        html: str = mjml2html(mjml, disable_comments=True, fonts={}, social_icon_origin="")
    except ValueError as error:
        raise ContentError(
            f"the email's MJML does not compile ({error}). Check the block templates."
        ) from None
    return html + "\n"


def _tidy(text: str) -> str:
    """At most two empty lines in a row, none at the ends, no trailing spaces."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{4,}", "\n\n\n", lines).strip() + "\n"


def _encoded(parts: tuple[str | Slot, ...]) -> Parts:
    return tuple(part if isinstance(part, Slot) else qp.encode(part) for part in parts)
