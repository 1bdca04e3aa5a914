"""The blocks of the weeks between two visits: phrases to pick from, and a quiet word on booking."""

from dataclasses import replace
from typing import Any

import pytest

from aftercare.errors import ContentError
from aftercare.mail.blocks import KINDS
from aftercare.mail.compile import Variant
from aftercare.mail.page import render_page
from tests.mail.letters import LIBRARY, THEME, both, email_of, message_of, part, seen, skeleton_of

PHRASES: dict[str, Any] = {
    "type": "affirmation_picker",
    "title": "A few words",
    "intro": "Aloud or not.",
    "groups": [
        {"label": "For a busy day", "items": ["“One thing at a time.”", "“Slowly.”"]},
        {"label": "For bedtime", "items": ["“That is enough.”", "“Rest & be still.”"]},
    ],
}
BOOK = {"type": "book", "text": "If you come again, you might bring one hope."}
OWN_WORDS = "Or words of your own, or none at all."


def test_phrases_are_offered_by_occasion_and_leave_room_for_ones_own_or_none() -> None:
    text, html = both(email_of(PHRASES))
    listed = "For a busy day:\n- “One thing at a time.”\n- “Slowly.”\n\nFor bedtime:\n- “That is enough.”"
    assert listed in text.replace("\r\n", "\n")
    for body in (" ".join(text.split()), seen(html), seen(render_page(email_of(PHRASES), LIBRARY))):
        assert "“Rest & be still.”" in body
        assert OWN_WORDS in body


@pytest.mark.parametrize(
    ("groups", "fault"),
    [
        ([], "groups: .*at least 1"),
        ([{"items": ["“Slowly.”"]}], r"groups\.0\.items: .*at least 2"),
        ([{"items": ["“Slowly.”"] * 9}], r"groups\.0\.items: .*at most 8"),
        ([{"label": " ", "items": ["a", "b"]}], r"groups\.0\.label: "),
    ],
)
def test_one_phrase_is_no_choice(groups: list[Any], fault: str) -> None:
    with pytest.raises(ContentError, match=fault):
        email_of({**PHRASES, "groups": groups})


def test_booking_is_one_sentence_with_the_telephone_as_a_link() -> None:
    text, html = both(email_of(BOOK))
    for body in (" ".join(text.split()), seen(html)):
        assert "one hope. You can book on +44 1225 496 0000." in body.replace(" .", ".")
    assert 'href="tel:+4412254960000"' in html


def test_a_clinic_without_a_telephone_is_booked_by_a_reply() -> None:
    skeleton = skeleton_of(email_of(BOOK), theme=replace(THEME, phone=""))
    raw = message_of(skeleton)
    for body in (" ".join(part(raw, "plain").split()), seen(part(raw, "html"))):
        assert "one hope. You can book by replying to this email." in body
    assert "tel:" not in part(raw, "html")


def test_a_page_of_no_clinic_names_no_telephone() -> None:
    page = render_page(email_of(BOOK), LIBRARY)
    assert "bring one hope." in page
    assert 'href="tel:' not in page


def test_only_booking_needs_a_yes_to_marketing() -> None:
    assert [kind for kind, block in KINDS.items() if block.purpose == "marketing"] == ["book"]


def test_booking_is_left_out_for_whoever_did_not_agree_to_marketing() -> None:
    raw = message_of(skeleton_of(email_of(BOOK), variant=Variant(marketing=False)))
    assert "one hope" not in part(raw, "plain") + part(raw, "html")
