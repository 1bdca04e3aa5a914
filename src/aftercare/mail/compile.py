"""Blocks -> Jinja -> MJML -> HTML, and text from the same blocks, both as a skeleton with slots."""

from dataclasses import dataclass
from typing import Literal

from aftercare.mail.document import EmailDocument
from aftercare.mail.library import Library
from aftercare.mail.skeleton import Skeleton
from aftercare.mail.theme import Theme


@dataclass(frozen=True)
class Variant:
    """Which reading of an email: one compiled skeleton serves everybody who shares it.

    `language` is a BCP 47 tag, `country` ISO 3166 capitals (or "" for unknown), `cards` picks one card of each
    deck by its key (a deck not named shows its first), `why` chooses the footer's reason."""

    language: str = "en"
    country: str = "GB"
    returning: bool = False
    cards: tuple[tuple[str, str], ...] = ()
    why: Literal["consent", "request", "staff"] = "consent"


def compile_email(
    document: EmailDocument, theme: Theme, variant: Variant, library: Library, public_name: str
) -> Skeleton:
    """Compile once per (email version, theme version, variant). Raises ContentError naming place and fix."""
    raise NotImplementedError
