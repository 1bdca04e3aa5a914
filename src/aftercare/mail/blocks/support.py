"""Whom to talk to at any hour."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block


class Support(Block):
    """By the client's country. `short` is one sentence, `full` the whole block for tender weeks."""

    type: Literal["support"]
    style: Literal["short", "full"]

    starter: ClassVar[Mapping[str, Any]] = {"style": "short"}
