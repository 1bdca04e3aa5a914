"""Asking how somebody is."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block, Text


class CheckIn(Block):
    """A question and three answers, each a link to a page of her own that records nothing until she confirms
    there (a scanner that opens links must not answer). The templates add who reads it and when.

    A sequence with this block goes live only where somebody is named who hears of “Please call me”."""

    type: Literal["check_in"]
    question: Text
    fine: Text
    wobbly: Text
    call: Text

    starter: ClassVar[Mapping[str, Any]] = {
        "question": "How are things?",
        "fine": "Doing fine",
        "wobbly": "A bit wobbly",
        "call": "Please call me",
    }
