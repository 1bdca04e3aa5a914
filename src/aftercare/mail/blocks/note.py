"""Guidance."""

from typing import Annotated, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Text


class Note(Block):
    """A few paragraphs, with or without a heading."""

    type: Literal["note"]
    heading: Text | None = None
    paragraphs: Annotated[tuple[Text, ...], Field(min_length=1)]
