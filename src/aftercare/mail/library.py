"""The shared shelf of content: writing prompts, support lines by country, guide pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, RootModel, ValidationError

from aftercare.errors import ContentError
from aftercare.mail.blocks.base import Name, Piece, Text
from aftercare.mail.document import EmailDocument, parse_blocks
from aftercare.mail.faults import in_words
from aftercare.mail.resources import Entry
from aftercare.mail.scene import BASE, Scene, root_of
from aftercare.mail.support import SupportEntry
from aftercare.mail.theme import Theme
from aftercare.yamlfile import load

ELSEWHERE = "other"


@dataclass(frozen=True)
class Guide:
    """A page that links point to. The document's subject is the title, its preheader the description."""

    title: str
    description: str
    document: EmailDocument
    language: str = BASE


@dataclass(frozen=True)
class Library:
    """`support` is keyed by ISO country code in capitals, and "other" for everywhere else.

    `others` are the same shelf in other languages, by tag; `words` the fixed words of emails in this one.
    `resources` are a clinic's own entries by slug: what is shipped has none. Shelves are compared, but hashed
    by their date alone."""

    prompts: Mapping[str, str] = field(hash=False)
    support: Mapping[str, SupportEntry] = field(hash=False)
    guides: Mapping[str, Guide] = field(hash=False)
    words: Mapping[str, Any] = field(default_factory=dict, hash=False)
    others: Mapping[str, "Library"] = field(default_factory=dict, hash=False)
    resources: Mapping[str, Entry] = field(default_factory=dict, hash=False)
    support_checked: date | None = None
    """When somebody last compared the help lines with their sources."""

    def tag_for(self, language: str) -> str:
        """The language of this shelf that comes nearest: `es` for `es-MX`, English for what there is not."""
        known = {**self.others, BASE: self}
        return next((tag for tag in (language, root_of(language)) if tag in known), BASE)

    def in_language(self, tag: str) -> "Library":
        """The shelf in a language of `tag_for`; what has no words of its own in it comes in English."""
        return replace(self.others.get(tag, self), resources=self.resources)

    def scene(
        self, language: str, theme: Theme | None, country: str, cards: Mapping[str, str] | None = None
    ) -> Scene:
        """What a text in `language` is rendered for, if all of it comes from this shelf."""
        return Scene(
            theme=theme,
            language=language,
            support=self.support_for(country),
            prompts=self.prompts,
            guides={slug: guide.title for slug, guide in self.guides.items()},
            cards=cards or {},
            phrasebook=self.words,
            resources=self.resources,
            country=country,
        )

    def support_for(self, country: str) -> SupportEntry:
        """The country's own lines, else those that hold everywhere: never another country's number."""
        return self.support.get(country) or self.support.get(ELSEWHERE) or SupportEntry()


class _Prompt(Piece):
    id: Name
    intensity: int
    theme: str
    text: Text


class _Prompts(BaseModel):
    prompts: tuple[_Prompt, ...]


class _Lines(BaseModel):
    copied_on: date | None = None
    countries: dict[str, SupportEntry]
    other: SupportEntry


class _Phrases(RootModel[dict[str, Text]]):
    """English -> another language."""


def load_library(root: Path) -> Library:
    """Read `library/*.yaml` and `guides/<language>/*.yaml` under a templates root, in every language that has
    a `layout.<language>.yaml`. Raises ContentError."""
    lines = _support(root / "library" / "support.yaml")
    english = Library(
        prompts=_prompts(root / "library" / "prompts.yaml"),
        support={**lines.countries, ELSEWHERE: lines.other},
        guides=_guides(root / "guides" / BASE),
        support_checked=lines.copied_on,
    )
    tags = sorted(path.name.split(".")[1] for path in root.glob("layout.*.yaml"))
    return replace(english, others={tag: _other(root, tag, english) for tag in tags if tag != BASE})


def _other(root: Path, tag: str, english: Library) -> Library:
    """A prompt without a translation is left out: a Spanish email never asks an English question."""
    prompts = root / "library" / f"prompts.{tag}.yaml"
    words = root / "library" / f"support.{tag}.yaml"
    return Library(
        prompts=_phrases(prompts) if prompts.is_file() else {},
        support=_translated(english.support, _phrases(words), words.name),
        guides={**english.guides, **_guides(root / "guides" / tag)},
        words=load(root / f"layout.{tag}.yaml"),
    )


def _translated(
    lines: Mapping[str, SupportEntry], words: Mapping[str, str], where: str
) -> Mapping[str, SupportEntry]:
    """The same lines with the words around the numbers translated: the numbers stand in one file only, and
    the names of services stay as they answer the telephone."""
    for entry in lines.values():
        for text in filter(None, (entry.how, entry.note)):
            if text not in words:
                raise ContentError(f"{where}: has no words for “{text}”. Add them.")
    return {
        country: replace(
            entry,
            line_name=words.get(entry.line_name, entry.line_name),
            how=words.get(entry.how, ""),
            note=words.get(entry.note, ""),
        )
        for country, entry in lines.items()
    }


def _phrases(path: Path) -> Mapping[str, str]:
    try:
        return _Phrases.model_validate(load(path)).root
    except ValidationError as error:
        raise _fault(path, error) from None


def _guides(folder: Path) -> Mapping[str, Guide]:
    return {path.stem: _guide(path) for path in sorted(folder.glob("*.yaml"))}


def _prompts(path: Path) -> Mapping[str, str]:
    try:
        checked = _Prompts.model_validate({"prompts": load(path)})
    except ValidationError as error:
        raise _fault(path, error) from None
    return {prompt.id: prompt.text for prompt in checked.prompts}


def _support(path: Path) -> _Lines:
    try:
        return _Lines.model_validate(load(path))
    except ValidationError as error:
        raise _fault(path, error) from None


def _guide(path: Path) -> Guide:
    data = load(path)
    if not isinstance(data, dict) or set(data) != {"title", "description", "blocks"}:
        raise ContentError(f"{path.name}: must have exactly the keys title, description and blocks.")
    title, description = str(data["title"]), str(data["description"])
    document = EmailDocument(title, description, parse_blocks(data["blocks"], path.name))
    return Guide(title, description, document, language=path.parent.name)


def _fault(path: Path, error: ValidationError) -> ContentError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return ContentError(f"{path.name}: {place}: {in_words(first)}")
