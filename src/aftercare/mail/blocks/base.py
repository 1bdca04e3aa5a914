"""What every block has, and what its texts are made of."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from aftercare.mail.scene import Scene

#: Plain text with merge fields, never blank.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
#: Name of a card, prompt, guide or block.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]


class Piece(BaseModel):
    """A part of a block. Unknown keys are errors: a misspelt option must not be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Block(Piece):
    """A typed piece of content. `when` says who sees it: on a first run, when returning, or always.

    `covers` lists the source items that its text deals with. Each type has its templates of the same name
    in `templates/emails/blocks`."""

    type: str
    key: Name
    covers: tuple[str, ...] = ()
    when: Literal["first", "returning", "always"] = "always"

    purpose: ClassVar[Literal["care", "marketing"]] = "care"
    """What it takes to send a block of this kind to somebody: marketing is for those who agreed to that."""
    starter: ClassVar[Mapping[str, Any]] = {}
    """What a block of this kind says when an editor has just added it: the fields that must not be empty."""

    def decks(self) -> Mapping[str, tuple[str, ...]]:
        """Card ids of each rotating deck by its key: one card of each is shown per email."""
        return {}

    def view(self, scene: Scene) -> dict[str, Any]:  # noqa: ARG002 (blocks that rotate or look things up need it)
        """What the templates get to see, merge fields still unfilled. Raises ContentError."""
        return self.model_dump()
