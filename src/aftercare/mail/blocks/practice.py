"""One small practice, with a real choice of ways."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Piece, Text


class Way(Piece):
    """One way to do it."""

    label: Text
    text: Text


class Practice(Block):
    """At least two ways and a number of minutes; its templates add the rule that one may stop."""

    type: Literal["practice"]
    title: Text
    minutes: Annotated[int, Field(ge=1, le=60)]
    intro: Text
    options: Annotated[tuple[Way, ...], Field(min_length=2)]

    starter: ClassVar[Mapping[str, Any]] = {
        "title": "A small practice",
        "minutes": 5,
        "intro": "You could try one of these, or none today.",
        "options": [
            {"label": "One way", "text": "Write here how it is done."},
            {"label": "Another way", "text": "Write here how it is done."},
        ],
    }
