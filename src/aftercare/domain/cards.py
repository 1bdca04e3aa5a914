"""Which card of a rotating block a person gets next: one that she has not had (content section 3)."""

from collections.abc import Mapping, Sequence, Set


def pick(
    decks: Mapping[str, Sequence[str]], had: Set[str], *, must_be_new: Set[str]
) -> dict[str, str] | None:
    """One card per deck: the first that is not in `had`.

    Where a deck has nothing new left: its first card, or None for the whole email if the deck is one of
    `must_be_new` (a regular gets nothing rather than the same text again)."""
    picked: dict[str, str] = {}
    for deck, cards in decks.items():
        taken = had | set(picked.values())
        fresh = [card for card in cards if card not in taken]
        if not fresh and deck in must_be_new:
            return None
        picked[deck] = (fresh or list(cards))[0]
    return picked
