"""A question to write about."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.errors import ContentError
from aftercare.mail.blocks.base import Block, Name, Text
from aftercare.mail.scene import Scene


class Prompt(Block):
    """Two rotating decks of the library's prompts: one main, one lighter; the stop rule is always shown."""

    type: Literal["prompt"]
    intro: Text
    from_: Annotated[tuple[Name, ...], Field(alias="from", min_length=1)]
    lighter_from: Annotated[tuple[Name, ...], Field(min_length=1)]
    stop: Text | None = None

    starter: ClassVar[Mapping[str, Any]] = {
        "intro": "If you like writing, here is a question.",
        "from": ["J14"],
        "lighter_from": ["J05"],
    }

    def decks(self) -> Mapping[str, tuple[str, ...]]:
        """The main deck under the block's key, the lighter one under `<key>.lighter`."""
        return {self.key: self.from_, f"{self.key}.lighter": self.lighter_from}

    def view(self, scene: Scene) -> dict[str, Any]:
        """The two questions of this email as `main` and `lighter`."""
        main = scene.card(self.key, self.from_, self.key)
        lighter = scene.card(f"{self.key}.lighter", self.lighter_from, self.key)
        chosen = {"main": self._text(scene, main), "lighter": self._text(scene, lighter)}
        return self.model_dump(exclude={"from_", "lighter_from"}) | chosen

    def _text(self, scene: Scene, prompt_id: str) -> str:
        if prompt_id not in scene.prompts:
            raise ContentError(
                f"{self.key}: no prompt {prompt_id} in library/prompts.yaml. Add it or name another."
            )
        return scene.prompts[prompt_id]
