"""The memory of cards: one that somebody has not had, else the one whose occasion is furthest away."""

from datetime import UTC, datetime, timedelta

import pytest

from aftercare.domain.cards import NO_REPEAT, pick

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
DECK = {"prompt": ("J01", "J02", "J03")}
REGULAR = frozenset(DECK)


def days(*offsets: float) -> list[datetime]:
    """Instants so many days from now."""
    return [NOW + timedelta(days=offset) for offset in offsets]


@pytest.mark.parametrize(
    ("had", "card"),
    [
        ({}, "J01"),
        ({"J01": days(-1)}, "J02"),
        ({"J01": days(-400)}, "J02"),
        ({"J01": days(-1), "J02": days(-1), "J03": days(-2)}, "J03"),
        ({"J01": days(-90), "J02": days(-80), "J03": days(-100)}, "J03"),
        ({"J01": days(-90, -1), "J02": days(-3), "J03": days(-2)}, "J02"),
        ({"J01": days(-30, 40), "J02": days(35), "J03": days(-20)}, "J02"),
        ({"J01": days(-7), "J02": days(7), "J03": days(-7)}, "J01"),
        ({"J99": days(0)}, "J01"),
    ],
)
def test_the_first_card_never_had_comes_first_and_else_the_furthest_away(
    had: dict[str, list[datetime]], card: str
) -> None:
    assert pick(DECK, had, NOW, must_be_new=frozenset()) == {"prompt": card}


@pytest.mark.parametrize("side", [-1, 1])
def test_a_regular_gets_a_card_again_after_sixty_days_and_not_a_second_earlier(side: int) -> None:
    had = {card: [NOW + side * NO_REPEAT] for card in DECK["prompt"]}
    assert pick(DECK, had, NOW, must_be_new=REGULAR) == {"prompt": "J01"}
    nearer = {card: [NOW + side * (NO_REPEAT - timedelta(seconds=1))] for card in DECK["prompt"]}
    assert pick(DECK, nearer, NOW, must_be_new=REGULAR) is None


def test_no_card_comes_twice_in_one_email_unless_there_is_no_other() -> None:
    decks = {"prompt": ("J01", "J02"), "prompt.lighter": ("J01", "J02"), "last": ("J01",)}
    picked = {"prompt": "J01", "prompt.lighter": "J02", "last": "J01"}
    assert pick(decks, {}, NOW, must_be_new=frozenset()) == picked
    assert pick(decks, {}, NOW, must_be_new=frozenset({"last"})) is None
