"""Guidance."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Text


class Note(Block):
    """A few paragraphs, with or without a heading."""

    type: Literal["note"]
    heading: Text | None = None
    paragraphs: Annotated[tuple[Text, ...], Field(min_length=1)]

    starter: ClassVar[Mapping[str, Any]] = {"paragraphs": ["Write here what you would say."]}
