"""Which card of a rotating block a person gets next: one that she has not had (content section 3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

NO_REPEAT = timedelta(days=60)
"""Nobody gets the same card twice within it (content section 3, regulars)."""

Had = Mapping[str, Sequence[datetime]]
"""When (UTC) somebody had, or will have, each card that she was ever dealt, whatever the sequence."""

_NEVER = timedelta.max


def pick(
    decks: Mapping[str, Sequence[str]], had: Had, at: datetime, *, must_be_new: frozenset[str]
) -> dict[str, str] | None:
    """One card per deck for an email at `at` (UTC), no card twice in it while there is another: the first
    that she has never had, else the one whose nearest occasion, before or after, is furthest away.

    None for the whole email where that is nearer than `NO_REPEAT` in a deck of `must_be_new` (a regular gets
    nothing rather than the same text again)."""
    picked: dict[str, str] = {}
    for deck, cards in decks.items():
        others = [card for card in cards if card not in picked.values()]
        gaps = {card: _gap(card, had, at) for card in others or cards}
        best = max(gaps, key=lambda card: gaps[card])
        if deck in must_be_new and (not others or gaps[best] < NO_REPEAT):
            return None
        picked[deck] = best
    return picked


def _gap(card: str, had: Had, at: datetime) -> timedelta:
    return min((abs(at - occasion) for occasion in had.get(card, ())), default=_NEVER)
