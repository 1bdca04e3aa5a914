"""Things to go through before a piece of work."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Text


class Checklist(Block):
    """A short list to tick off, on a screen or on paper: the same lines every time."""

    type: Literal["checklist"]
    heading: Text
    intro: Text | None = None
    items: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]

    starter: ClassVar[Mapping[str, Any]] = {
        "heading": "Before you begin",
        "items": ["Write here what should be done."],
    }
