"""Easy ideas for tonight."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.mail.blocks.base import Block, Name, Piece, Text
from aftercare.mail.scene import Scene


class Card(Piece):
    """One evening's ideas."""

    id: Name
    items: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]


class EveningList(Block):
    """A rotating deck: each email shows one card, so that nobody gets the same list every week."""

    type: Literal["evening_list"]
    heading: Text
    intro: Text | None = None
    cards: Annotated[tuple[Card, ...], Field(min_length=1)]

    starter: ClassVar[Mapping[str, Any]] = {
        "heading": "For this evening",
        "cards": [{"id": "one", "items": ["Something quiet."]}],
    }

    def decks(self) -> Mapping[str, tuple[str, ...]]:
        """One deck under the block's own key."""
        return {self.key: tuple(card.id for card in self.cards)}

    def view(self, scene: Scene) -> dict[str, Any]:
        """The card that is on tonight, its ideas as `items`."""
        cards = {card.id: card for card in self.cards}
        chosen = cards[scene.card(self.key, tuple(cards), self.key)]
        return self.model_dump(exclude={"cards"}) | {"items": list(chosen.items)}
