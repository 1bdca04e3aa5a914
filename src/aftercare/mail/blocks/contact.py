"""How to reach the clinic."""

from typing import Literal

from aftercare.mail.blocks.base import Block, Text


class Contact(Block):
    """Name, telephone, hours, and who reads replies: all from the theme."""

    type: Literal["contact"]
    text: Text | None = None
