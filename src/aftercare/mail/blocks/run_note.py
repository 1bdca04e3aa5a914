"""What will come."""

from typing import Literal

from aftercare.mail.blocks.base import Block


class RunNote(Block):
    """How many emails over how many days, and that one can stop: its words come with the templates."""

    type: Literal["run_note"]
