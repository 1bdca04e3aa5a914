"""Several practices to pick from."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Piece, Text


class Pick(Piece):
    """One practice, and how to do it on a chair."""

    label: Text
    text: Text
    seated: Text | None = None


class PracticePicker(Block):
    """Walk, stretch or whatever suits: at least two, each with a seated way where it needs one."""

    type: Literal["practice_picker"]
    title: Text
    minutes: Annotated[int, Field(ge=1, le=60)]
    intro: Text
    options: Annotated[tuple[Pick, ...], Field(min_length=2)]

    starter: ClassVar[Mapping[str, Any]] = {
        "title": "Pick what suits you",
        "minutes": 10,
        "intro": "One of these, or none: it is up to you.",
        "options": [
            {"label": "One practice", "text": "Write here how it is done."},
            {"label": "Another practice", "text": "Write here how it is done."},
        ],
    }
