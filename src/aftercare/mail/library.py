"""The shared shelf of content: writing prompts, support lines by country, guide pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aftercare.mail.document import EmailDocument


@dataclass(frozen=True)
class SupportEntry:
    """Who to ring in one country. An entry that is not `verified` never has its number printed."""

    line_name: str
    emergency: str | None = None
    number: str | None = None
    how: str | None = None
    note: str | None = None
    url: str | None = None
    verified: bool = False


@dataclass(frozen=True)
class Guide:
    """A page that default links point to."""

    title: str
    description: str
    document: EmailDocument


@dataclass(frozen=True)
class Library:
    """`support` is keyed by ISO country code, and "other" for everywhere else."""

    prompts: Mapping[str, str]
    support: Mapping[str, SupportEntry]
    guides: Mapping[str, Guide]


def load_library(root: Path) -> Library:
    """Read `library/*.yaml` and `guides/en/*.yaml` under a templates root. Raises ContentError."""
    raise NotImplementedError
