import re
from typing import Any

import pytest

from aftercare.errors import ContentError
from aftercare.mail.compile import Variant
from tests.mail.letters import CONSENT, UNSUBSCRIBE, both, email_of, seen, skeleton_of


@pytest.mark.parametrize(
    ("cards", "shown", "hidden"),
    [
        ((), ["Rest", "What was ordinary?"], ["Tea", "What would be kind?"]),
        (
            (("evening", "EV02"), ("pen", "J14")),
            ["Tea", "What would be kind?"],
            ["Soup", "What was ordinary?"],
        ),
    ],
)
def test_a_deck_shows_the_chosen_card(
    cards: tuple[tuple[str, str], ...], shown: list[str], hidden: list[str]
) -> None:
    for form in both(variant=Variant(cards=cards)):
        assert all(word in form for word in shown)
        assert not any(word in form for word in hidden)


@pytest.mark.parametrize(("returning", "there"), [(False, "first of 5"), (True, "the last one")])
def test_when_decides_who_sees_a_block(returning: bool, there: str) -> None:
    (gone,) = {"first of 5", "the last one"} - {there}
    for form in both(variant=Variant(returning=returning)):
        assert there in " ".join(form.split())
        assert gone not in " ".join(form.split())


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("consent", "because you said yes to"),
        ("request", "because you asked us"),
        ("staff", "because you work at"),
    ],
)
def test_the_footer_says_why_the_email_came(why: Any, reason: str) -> None:
    for form in both(email_of({"type": "note", "paragraphs": ["Hello."]}), Variant(why=why)):
        assert reason in " ".join(form.split())


ASKING = email_of({"type": "consent_button", "label": "Read more and choose"})


def test_an_email_that_asks_says_that_it_only_asks_and_has_a_link_of_its_own() -> None:
    for form in both(ASKING, Variant(why="request")):
        assert "This email only asks" in " ".join(form.split())
        assert CONSENT in form
        assert UNSUBSCRIBE not in form


def test_the_button_takes_no_link_for_leaving_out_of_other_mail() -> None:
    for form in both(ASKING):
        assert UNSUBSCRIBE in form
        assert "This email only asks" not in " ".join(form.split())


COUNTRIES = [
    ("GB", ["999", "Samaritans, 116 123 (call, free)"], ["1737", "112"]),
    ("IE", ["112", "116 123"], ["112999"]),
    ("NZ", ["111", "findahelpline.com"], ["1737", "116 123"]),
    ("FR", ["local emergency number", "findahelpline.com"], ["999", "116 123"]),
    ("", ["local emergency number", "findahelpline.com"], ["999", "116 123"]),
]


@pytest.mark.parametrize(
    ("country", "there", "absent"), COUNTRIES, ids=[c[0] or "unknown" for c in COUNTRIES]
)
@pytest.mark.parametrize("style", ["short", "full"])
def test_support_lines_are_the_countrys_own_and_checked(
    style: str, country: str, there: list[str], absent: list[str]
) -> None:
    plain, rich = both(email_of({"type": "support", "style": style}), Variant(country=country))
    for form in (" ".join(plain.split()), seen(rich)):
        assert all(word in form for word in (there if style == "full" else there[1:]))
        assert not any(word in form for word in absent)


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        (
            Variant(cards=(("evening", "EV99"),)),
            "evening: the deck has no card EV99. Choose one of: EV01, EV02",
        ),
        (
            Variant(cards=(("night", "EV01"),)),
            "this email has no deck night. It has: evening, pen, pen.lighter",
        ),
    ],
)
def test_a_variant_that_does_not_fit_says_why(variant: Variant, message: str) -> None:
    with pytest.raises(ContentError, match=re.escape(message)):
        skeleton_of(variant=variant)
