"""What every block has."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """A typed piece of content. `when` says who sees it: a first run, a returning person, or always."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    key: str = ""
    covers: tuple[str, ...] = ()
    when: Literal["first", "returning", "always"] = "always"
