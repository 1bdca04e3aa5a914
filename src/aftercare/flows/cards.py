"""Deals the cards of rotating blocks: nobody gets the same one twice within sixty days."""

from datetime import timedelta

from aftercare.domain.cards import pick
from aftercare.mail.document import EmailDocument
from aftercare.models import EmailVersion

LIGHTER = ".lighter"
"""The second, lighter question of a prompt may come again."""

NO_REPEAT = timedelta(days=60)
"""Nobody gets the same card twice within it (content section 3, regulars)."""


def deal(email: EmailVersion, had: set[str], *, returning: bool) -> dict[str, str] | None:
    """A card for each deck that this reading of the email shows, added to `had`; None where a regular has
    had them all."""
    decks = _decks(email, returning)
    must_be_new = {deck for deck in decks if not deck.endswith(LIGHTER)} if returning else set()
    cards = pick(decks, had, must_be_new=must_be_new)
    had |= set((cards or {}).values())
    return cards


def _decks(email: EmailVersion, returning: bool) -> dict[str, tuple[str, ...]]:
    document = EmailDocument.from_json(email.document)
    hidden = "first" if returning else "returning"
    return {
        deck: tuple(cards)
        for block in document.blocks
        if block.when != hidden
        for deck, cards in block.decks().items()
    }
