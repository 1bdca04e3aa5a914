"""Asking for consent."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block, Text


class ConsentButton(Block):
    """Leads to the page where she can say yes or no, under a link of her own; opening it changes nothing."""

    type: Literal["consent_button"]
    label: Text

    starter: ClassVar[Mapping[str, Any]] = {"label": "Read more and choose"}
