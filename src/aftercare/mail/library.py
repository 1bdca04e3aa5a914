"""The shared shelf of content: writing prompts, support lines by country, guide pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from aftercare.errors import ContentError
from aftercare.mail.blocks.base import Name, Piece, Text
from aftercare.mail.document import EmailDocument, parse_blocks
from aftercare.mail.support import SupportEntry
from aftercare.yamlfile import load

ELSEWHERE = "other"


@dataclass(frozen=True)
class Guide:
    """A page that links point to. The document's subject is the title, its preheader the description."""

    title: str
    description: str
    document: EmailDocument


@dataclass(frozen=True)
class Library:
    """`support` is keyed by ISO country code in capitals, and "other" for everywhere else."""

    prompts: Mapping[str, str]
    support: Mapping[str, SupportEntry]
    guides: Mapping[str, Guide]

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
    countries: dict[str, SupportEntry]
    other: SupportEntry


def load_library(root: Path) -> Library:
    """Read `library/*.yaml` and `guides/en/*.yaml` under a templates root. Raises ContentError."""
    return Library(
        prompts=_prompts(root / "library" / "prompts.yaml"),
        support=_support(root / "library" / "support.yaml"),
        guides={path.stem: _guide(path) for path in sorted((root / "guides" / "en").glob("*.yaml"))},
    )


def _prompts(path: Path) -> Mapping[str, str]:
    try:
        checked = _Prompts.model_validate({"prompts": load(path)})
    except ValidationError as error:
        raise _fault(path, error) from None
    return {prompt.id: prompt.text for prompt in checked.prompts}


def _support(path: Path) -> Mapping[str, SupportEntry]:
    try:
        lines = _Lines.model_validate(load(path))
    except ValidationError as error:
        raise _fault(path, error) from None
    return {**lines.countries, ELSEWHERE: lines.other}


def _guide(path: Path) -> Guide:
    data = load(path)
    if not isinstance(data, dict) or set(data) != {"title", "description", "blocks"}:
        raise ContentError(f"{path.name}: must have exactly the keys title, description and blocks.")
    title, description = str(data["title"]), str(data["description"])
    return Guide(
        title, description, EmailDocument(title, description, parse_blocks(data["blocks"], path.name))
    )


def _fault(path: Path, error: ValidationError) -> ContentError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return ContentError(f"{path.name}: {place}: {first['msg']}. Correct this entry.")
