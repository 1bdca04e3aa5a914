"""Phrases to pick from."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Piece, Text


class Phrases(Piece):
    """A few phrases for one occasion, and what it is called where there are several."""

    label: Text | None = None
    items: Annotated[tuple[Text, ...], Field(min_length=2, max_length=8)]


class AffirmationPicker(Block):
    """A choice of words, never a task (content section 7, rule 2): its templates add that the reader may use
    words of her own, or none."""

    type: Literal["affirmation_picker"]
    title: Text
    intro: Text
    groups: Annotated[tuple[Phrases, ...], Field(min_length=1, max_length=4)]

    starter: ClassVar[Mapping[str, Any]] = {
        "title": "A few words to keep nearby",
        "intro": "You might like one of these, aloud or in your head.",
        "groups": [{"items": ["“One thing at a time.”", "“I can be kind to myself.”"]}],
    }
