"""What a document is rendered for: all that blocks and templates draw on besides their own text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from aftercare.errors import ContentError
from aftercare.mail.colours import Colours
from aftercare.mail.paths import templates_root
from aftercare.mail.resources import Entry
from aftercare.mail.support import SupportEntry
from aftercare.mail.theme import Theme
from aftercare.yamlfile import load

BASE = "en"
"""The language that emails, guides and words are first written in, and fall back to."""
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_ISOLATE, _POP = "\u2068", "\u2069"


@dataclass(frozen=True)
class Scene:
    """`guides` maps slugs to titles, `cards` decks to the card chosen; a page of no clinic has no `theme`.
    `phrasebook`: the fixed words of the language, where they are not the shipped ones. `resources`: the
    clinic's library by slug; `country`: where she lives."""

    theme: Theme | None
    language: str
    support: SupportEntry
    prompts: Mapping[str, str]
    guides: Mapping[str, str]
    cards: Mapping[str, str]
    phrasebook: Mapping[str, Any] = field(default_factory=dict)
    resources: Mapping[str, Entry] = field(default_factory=dict)
    country: str = ""

    @property
    def words(self) -> Mapping[str, Any]:
        """The fixed phrases of the language."""
        return self.phrasebook or phrases(self.language)

    @property
    def colours(self) -> Colours:
        """The clinic's palette, or the house's."""
        return self.theme.colours if self.theme else Colours()

    @property
    def dir(self) -> str:
        """Text direction, `ltr` or `rtl`."""
        return direction(self.language)

    def in_order(self, text: str) -> str:
        """A telephone number, or what a clinic writes of itself, as it goes into a text. From right to left
        its parts would swap places, 123 before 116, so an isolate keeps them (UAX 9, section 2.4)."""
        return f"{_ISOLATE}{text}{_POP}" if text and self.dir == "rtl" else text

    def guide_path(self, slug: str) -> str:
        """A guide's address below the public one, in the language of this text."""
        return f"/guides/{slug}" if root_of(self.language) == BASE else f"/guides/{slug}?lang={self.language}"

    def field_values(self) -> Mapping[str, str]:
        """Values of the merge fields that are known when compiling."""
        values = {
            f"support.{name}": getattr(self.support, name)
            for name in ("line_name", "how", "emergency", "short")
        }
        values["support.number"] = self.in_order(self.support.talk_number)
        if self.theme:
            values |= {
                "clinic.name": self.in_order(self.theme.clinic_name),
                "clinic.phone": self.in_order(self.theme.phone),
                "clinic.hours": self.in_order(self.theme.hours),
                "clinic.reply_reader": self.in_order(self.theme.reply_reader),
            }
        return values

    def card(self, deck: str, ids: tuple[str, ...], where: str) -> str:
        """The card shown of a deck: the chosen one, else the first. Raises ContentError for a strange one."""
        chosen = self.cards.get(deck, ids[0])
        if chosen not in ids:
            raise ContentError(f"{where}: the deck has no card {chosen}. Choose one of: {', '.join(ids)}.")
        return chosen


def root_of(language: str) -> str:
    """`es-MX` is a kind of `es` (RFC 4647, section 3.4)."""
    return language.split("-", 1)[0].lower()


def direction(language: str) -> str:
    """In which direction it is written: `ltr` or `rtl`."""
    return "rtl" if root_of(language) in _RIGHT_TO_LEFT else "ltr"


@cache
def languages() -> frozenset[str]:
    """Those that the shipped words around the content exist in."""
    return frozenset(
        path.name.removeprefix("layout.").removesuffix(".yaml")
        for path in templates_root().glob("layout.*.yaml")
    )


@cache
def phrases(language: str) -> Mapping[str, Any]:
    """The shipped words around the content, from `layout.<language>.yaml`. Raises ContentError."""
    for tag in (language, root_of(language)):
        path = templates_root() / f"layout.{tag}.yaml"
        if tag.replace("-", "").isalnum() and path.is_file():
            words: Mapping[str, Any] = load(path)
            return words
    raise ContentError(f"language {language}: no file layout.{language}.yaml. Add one beside layout.en.yaml.")
