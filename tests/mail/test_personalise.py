import html
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.errors import InvalidInput
from aftercare.mail.skeleton import Parts, Skeleton, Slot
from aftercare.testing.headers import assert_aftercare_headers
from tests.mail.letters import (
    NAMES,
    RCPT,
    SETTINGS,
    UNSUBSCRIBE,
    VIEW,
    email_of,
    message_of,
    parsed,
    part,
    skeleton_of,
)

GREETING = skeleton_of(email_of({"type": "greeting", "text": "Hello {{ first_name | there }},"}))
NAMES_TO_SURVIVE = [
    "Zoë", "O'Neil", 'Ann "Nan" B', "<b>Bob</b>", "<script>alert(1)</script>",
    "{{ 7*7 }}", "{% if x %}", "Ann & Co",
    "&amp;",
    "=3D", "=?utf-8?q?x?=", "%s {0} {x}", "$ann", "東京", "👩‍👩‍👧‍👦", "علی‌رضا", "שרה", "é" * 500, "x" * 5000,
    ".", "..", "From ann", "-", "--=_ac_x", "'; drop table client; --", "x0123456789abcdefn0w20x",
]  # fmt: skip


def greeted(raw: bytes) -> tuple[str, str]:
    """The name as the plain and as the HTML reader sees it."""
    plain = re.search(r"Hello (.*),", part(raw, "plain"))
    rich = re.search(r"<p style=\"margin:0 0 14px\">Hello (.*?),</p>", part(raw, "html"))
    assert plain
    assert rich
    return plain[1].strip("\u2068\u2069"), html.unescape(rich[1]).strip("\u2068\u2069")


@pytest.mark.parametrize("name", NAMES_TO_SURVIVE, ids=lambda name: ascii(name[:20]))
def test_a_name_is_printed_literally_in_both_parts(name: str) -> None:
    raw = message_of(GREETING, values={"first_name": name})
    assert_aftercare_headers(raw, RCPT)
    assert greeted(raw) == (name, name)
    assert "<script" not in part(raw, "html")


@given(st.text(max_size=200))
def test_no_name_can_break_a_message(name: str) -> None:
    assert_aftercare_headers(message_of(GREETING, values={"first_name": name}), RCPT)


@pytest.mark.parametrize("name", ["", "  ", "\n\t", "\u202e"])
def test_a_blank_name_gives_the_fallback(name: str) -> None:
    assert greeted(message_of(GREETING, values={"first_name": name})) == ("there", "there")


def test_a_name_stays_on_one_line_and_cannot_turn_the_text() -> None:
    raw = message_of(GREETING, values={"first_name": "Ann\r\nBcc: eve@evil.example\u202e"})
    assert greeted(raw)[0] == "Ann Bcc: eve@evil.example"
    assert parsed(raw)["Bcc"] is None


def test_a_right_to_left_name_keeps_its_comma() -> None:
    assert "Hello \u2068שרה\u2069," in part(message_of(GREETING, values={"first_name": "שרה"}), "plain")


def test_the_same_inputs_give_the_same_bytes_also_after_storage() -> None:
    skeleton = skeleton_of()
    again = Skeleton.from_json(skeleton.to_json())
    assert again == skeleton
    assert message_of(skeleton) == message_of(again)


def test_compiling_again_gives_the_same_content_hash() -> None:
    assert skeleton_of().content_hash == skeleton_of().content_hash
    assert skeleton_of().content_hash != GREETING.content_hash


def test_a_skeleton_says_which_values_it_takes() -> None:
    assert skeleton_of().fields() == {
        *NAMES,
        "unsubscribe_url",
        "settings_url",
        "view_url",
        "consent_url",
        "checkin_url",
        "app_url",
    }


def test_the_link_to_the_browser_stands_in_both_parts_and_else_the_settings_stand_in() -> None:
    for kind in ("plain", "html"):
        assert VIEW in part(message_of(), kind)
        assert part(message_of(view_url=""), kind) == part(message_of(), kind).replace(VIEW, SETTINGS)


def test_what_was_compiled_before_there_was_such_a_link_keeps_its_bytes() -> None:
    def without(parts: Parts) -> Parts:
        return tuple(one for one in parts if not isinstance(one, Slot) or one.field != "view_url")

    now = skeleton_of()
    old = replace(now, html=without(now.html), text=without(now.text))
    assert message_of(old) == message_of(old, view_url="")
    assert VIEW.encode() not in message_of(old)


@pytest.mark.parametrize("purpose", ["care", "newsletter", "account"])
def test_each_purpose_has_its_headers(purpose: Any) -> None:
    raw = message_of(purpose=purpose)
    assert_aftercare_headers(raw, RCPT, purpose=purpose)
    for other in {"care", "newsletter", "account"} - {purpose}:
        with pytest.raises(AssertionError):
            assert_aftercare_headers(raw, RCPT, purpose=other)


def test_the_recipient_is_a_bare_ascii_address_and_her_name_is_in_no_header() -> None:
    raw = message_of(to_address="ann@bücher.example", values={**NAMES, "first_name": "Secret"})
    assert parsed(raw)["To"] == "ann@xn--bcher-kva.example"
    assert b"Secret" in raw
    assert b"Secret" not in raw.partition(b"\r\n\r\n")[0]


def test_a_long_unsubscribe_link_is_found_whole_by_the_parser() -> None:
    link = "https://willow.example/u/" + "A-b_" * 43
    raw = message_of(unsubscribe_url=link)
    assert parsed(raw)["List-Unsubscribe"] == f"<{link}>"
    assert link in part(raw, "plain")
    assert_aftercare_headers(raw, RCPT)


def test_names_and_subjects_of_any_script_survive() -> None:
    skeleton = skeleton_of(
        email_of({"type": "greeting", "text": "x"}, subject="Ein ruhiger Abend für Sie, ganz gemütlich")
    )
    raw = message_of(skeleton, from_name="Praxis Müller & Söhne, 東京")
    assert parsed(raw)["Subject"] == "Ein ruhiger Abend für Sie, ganz gemütlich"
    assert parsed(raw)["From"].addresses[0].display_name == "Praxis Müller & Söhne, 東京"
    assert_aftercare_headers(raw, RCPT)


REFUSED = [
    ("Subject", {"skeleton": replace(GREETING, subject=("a\r\nBcc: b@c.example",))}),
    ("From", {"from_name": "Willow\nBcc: b@c.example"}),
    ("From", {"from_address": "hello"}),
    ("To", {"to_address": "a@b.example, c@d.example"}),
    ("Reply-To", {"reply_to": "a@b.example\r\nX: y"}),
    ("message_id", {"message_id": "<a@b>\r\nX: y"}),
    ("boundary", {"boundary": 'b"; x="'}),
    ("list_id", {"list_id": "Ann's list"}),
    ("Feedback-ID", {"feedback_id": "a\r\nb"}),
    ("unsubscribe_url", {"unsubscribe_url": UNSUBSCRIBE.replace("https", "http")}),
    ("settings_url", {"settings_url": "https://a.example/\r\n"}),
    ("date", {"date": datetime(2026, 11, 23)}),  # noqa: DTZ001 (the fault that is tested)
]


@pytest.mark.parametrize(("field", "change"), REFUSED)
def test_what_cannot_stand_in_a_header_is_refused_by_name(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}: "):
        message_of(**({"skeleton": GREETING} | change))


def test_a_value_without_fallback_must_be_there() -> None:
    run_note = skeleton_of(email_of({"type": "run_note"}))
    with pytest.raises(InvalidInput, match=r"^run\."):
        message_of(run_note, values={})
    assert "first of 5 emails over 10 days" in part(message_of(run_note), "plain")
