"""Wording, side by side."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Piece, Text


class Pair(Piece):
    """Words to leave out, and words to use in their place."""

    avoid: Text
    say: Text


class SayInstead(Block):
    """Pairs of wording. No table: on a telephone two columns leave room for three words each, so every
    pair stands one above the other, each half with its own words before it."""

    type: Literal["say_instead"]
    heading: Text
    instead_of: Text
    we_say: Text
    pairs: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=12)]

    starter: ClassVar[Mapping[str, Any]] = {
        "heading": "Words we choose",
        "instead_of": "Instead of",
        "we_say": "We say",
        "pairs": [{"avoid": "Write here what we leave out.", "say": "Write here what we say."}],
    }
