"""The end of a run."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block, Text


class EndNote(Block):
    """Says that this was the last one."""

    type: Literal["end_note"]
    text: Text

    starter: ClassVar[Mapping[str, Any]] = {"text": "This was the last email for now."}
