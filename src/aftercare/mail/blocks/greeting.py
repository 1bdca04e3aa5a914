"""Hello."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block, Text


class Greeting(Block):
    """The first line, usually with a first name."""

    type: Literal["greeting"]
    text: Text

    starter: ClassVar[Mapping[str, Any]] = {"text": "Hello {{ first_name | there }},"}
