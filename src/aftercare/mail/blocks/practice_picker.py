"""Several practices to pick from."""

from typing import Annotated, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Piece, Text


class Pick(Piece):
    """One practice, and how to do it on a chair."""

    label: Text
    text: Text
    seated: Text | None = None


class PracticePicker(Block):
    """Walk, stretch or whatever suits: at least two, each with a seated way where it needs one."""

    type: Literal["practice_picker"]
    title: Text
    minutes: Annotated[int, Field(ge=1, le=60)]
    intro: Text
    options: Annotated[tuple[Pick, ...], Field(min_length=2)]
