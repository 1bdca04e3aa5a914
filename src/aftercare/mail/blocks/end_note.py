"""The end of a run."""

from typing import Literal

from aftercare.mail.blocks.base import Block, Text


class EndNote(Block):
    """Says that this was the last one."""

    type: Literal["end_note"]
    text: Text
