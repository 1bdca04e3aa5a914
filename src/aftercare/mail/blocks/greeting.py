"""Hello."""

from typing import Literal

from aftercare.mail.blocks.base import Block, Text


class Greeting(Block):
    """The first line, usually with a first name."""

    type: Literal["greeting"]
    text: Text
