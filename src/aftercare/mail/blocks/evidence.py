"""What is known, and how well."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from aftercare.mail.blocks.base import Block, Text


def _https(url: str) -> str:
    """Readers follow it from their mail, so nothing but a plain https address will do."""
    try:
        parts = urlsplit(url)
    except ValueError:  # such as half an IPv6 address
        parts = urlsplit("")
    if (
        parts.scheme != "https"
        or not parts.hostname
        or parts.username
        or any(sign in url for sign in " \n\t{}<>\"'\\")
    ):
        raise PydanticCustomError("https", "must be one whole address that begins with https://")
    return url


class Evidence(Block):
    """One claim in plain words, where it comes from, and a sentence on how strong it is. `year` is left
    out for a page that carries none."""

    type: Literal["evidence"]
    label: Text | None = None
    claim: Text
    source: Text
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    url: Annotated[Text, AfterValidator(_https)]
    strength: Text

    starter: ClassVar[Mapping[str, Any]] = {
        "label": "From the research",
        "claim": "Write here what was found, in plain words.",
        "source": "Write here who found it, and where it stands",
        "url": "https://example.org/",
        "strength": "Write here how strong it is, and what it does not show.",
    }
