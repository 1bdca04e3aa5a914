"""Deals the cards of rotating blocks: nobody gets the same one twice within sixty days, from whichever of
the clinic's sequences it comes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.cards import pick
from aftercare.mail.document import EmailDocument
from aftercare.models import EmailVersion
from aftercare.store import messages

LIGHTER = ".lighter"
"""The second, lighter question of a prompt may come again."""

Memory = dict[str, list[datetime]]
"""`domain.cards.Had`, while cards are dealt one email after the other."""


def remember(db: Session, client_id: str, *, ending: Collection[str] = ()) -> Memory:
    """Every card that she had or is about to have. `ending`: runs whose unsent emails will not come."""
    memory: Memory = {}
    for cards, at in messages.cards_had(db, client_id, ending=ending):
        _add(memory, cards, at)
    return memory


def deal(email: EmailVersion, memory: Memory, at: datetime, *, returning: bool) -> dict[str, str] | None:
    """A card for each deck that this reading of the email shows at `at` (UTC), added to `memory`; None where
    a regular has had them all."""
    decks = _decks(email, returning)
    must_be_new = frozenset(deck for deck in decks if returning and not deck.endswith(LIGHTER))
    cards = pick(decks, memory, at, must_be_new=must_be_new)
    _add(memory, cards or {}, at)
    return cards


def _add(memory: Memory, cards: dict[str, str], at: datetime) -> None:
    for card in cards.values():
        memory.setdefault(card, []).append(at)


def _decks(email: EmailVersion, returning: bool) -> dict[str, tuple[str, ...]]:
    document = EmailDocument.from_json(email.document)
    hidden = "first" if returning else "returning"
    return {
        deck: tuple(cards)
        for block in document.blocks
        if block.when != hidden
        for deck, cards in block.decks().items()
    }
