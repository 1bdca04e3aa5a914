"""A quiet word on how to book."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block, Text


class Book(Block):
    """A sentence of the clinic's own, then its telephone, or that a reply will do where it has none."""

    type: Literal["book"]
    heading: Text | None = None
    text: Text

    purpose: ClassVar[Literal["care", "marketing"]] = "marketing"
    starter: ClassVar[Mapping[str, Any]] = {"text": "If you would like to come again, you are welcome."}
