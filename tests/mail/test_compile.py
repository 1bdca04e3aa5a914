import html
import re
from dataclasses import replace
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.errors import ContentError
from aftercare.mail.compile import Variant, compile_email
from aftercare.mail.document import parse_email
from aftercare.mail.library import load_library
from aftercare.mail.paths import templates_root
from aftercare.testing.headers import assert_aftercare_headers
from aftercare.yamlfile import load
from tests.mail.letters import EVERY_BLOCK, RCPT, THEME, both, email_of, message_of, part, seen, skeleton_of

CONTENT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"], exclude_characters="{}"), min_size=1
)
NOTE = {"type": "note", "paragraphs": ["x"]}


def test_every_block_says_the_same_in_text_and_html() -> None:
    plain, rich = both()
    words = [
        "Hello Zoë,",
        "From Kim & all.",
        "Rest",
        "Soup",
        "Nearby.",
        "March on the spot.",
        "What was ordinary?",
    ]
    words += ["Which sound is nearest?", "Walking", "Short walks.", "116 123", "999", "+44 1225 496 0000"]
    words += ["Sam, the practice manager", "first of 5 emails over 10 days", "12 Mill Lane", "Bath BA1 1AA"]
    words += [
        "said yes to “Emails after your visit” from Willow & Wren",
        "Not medical or psychological advice",
    ]
    words += [
        "Stop whenever you like",
        "About 5 minutes",
        "About one minute",
        "A gentle plan for this evening",
    ]
    for word in words:
        assert word in " ".join(plain.split()), word
        assert word in seen(rich), word


def test_text_and_html_have_the_same_links() -> None:
    plain, rich = both()
    in_html = {html.unescape(link) for link in re.findall(r'href="(https:[^"]*)"', rich)}
    assert in_html == set(re.findall(r"https://\S+", plain))
    assert "https://willow.example/guides/walking" in in_html


def test_nothing_is_loaded_from_anywhere() -> None:
    _, rich = both()
    assert not re.search(r"<(link|script|img|iframe|object|form|input)\b|@import|url\(|@font-face", rich)
    assert "fonts.googleapis" not in rich
    assert "mailjet" not in rich


def test_the_page_is_built_for_screen_readers() -> None:
    _, rich = both()
    tree = html5lib.parse(rich, namespaceHTMLElements=False)
    assert tree.attrib["lang"] == "en"
    assert tree.attrib["dir"] == "ltr"
    assert [h.text for h in tree.iter("h1")] == ["A gentle plan for this evening"]
    assert [t.text for t in tree.iter("title")] == ["A gentle plan for this evening"]
    assert all(table.get("role") == "presentation" for table in tree.iter("table"))
    (article,) = (div for div in tree.iter("div") if div.get("role") == "article")
    assert (article.get("lang"), article.get("aria-label")) == ("en", "A gentle plan for this evening")
    assert 'aria-label="Call 1 1 6, 1 2 3"' in rich


def test_both_colour_schemes_and_phones_are_served() -> None:
    _, rich = both()
    for needle in ('name="color-scheme"', 'name="supported-color-schemes"', "prefers-color-scheme:dark"):
        assert needle in rich
    for needle in ("[data-ogsc]", "[data-ogsb]", "format-detection", "x-apple-disable-message-reformatting"):
        assert needle in rich


def test_the_preheader_comes_first_and_is_hidden() -> None:
    _, rich = both()
    assert re.search(r'<div style="display:none[^>]*>Nothing to do, really\. Three easy ideas', rich)
    assert rich.index("Nothing to do, really") < rich.index("Willow &amp; Wren")


def test_text_lines_are_at_most_78_columns() -> None:
    plain, _ = both()
    assert all(len(line) <= 78 or line.strip().startswith("https://") for line in plain.splitlines())
    assert not re.search(r"\n{4}| \n|\|", plain)


@pytest.mark.parametrize("number", [0, 1, 5])
def test_an_email_is_small(number: int) -> None:
    document = parse_email({**EVERY_BLOCK, "blocks": EVERY_BLOCK["blocks"] + [NOTE] * number}, "x")
    assert len(both(document)[1].encode()) < 60_000


@settings(max_examples=60)
@given(CONTENT, CONTENT)
def test_any_text_is_shown_as_written(heading: str, text: str) -> None:
    if not heading.strip() or not text.strip():
        return
    raw = message_of(skeleton_of(email_of({"type": "note", "heading": heading, "paragraphs": [text]})))
    assert_aftercare_headers(raw, RCPT)
    assert "".join(text.split()) in "".join(part(raw, "plain").split())
    assert "".join(text.split()) in "".join(seen(part(raw, "html")).split())
    assert "".join(heading.split()) in "".join(seen(part(raw, "html")).split())


MARKUP = [
    "<script>alert(1)</script>",
    "<mj-include path='/etc/passwd'>",
    "</mj-text></mj-column>",
    "a < b & c > d",
]
MARKUP += [
    "<!-- x -->",
    "]]>",
    "&lt;b&gt;",
    '" onclick="x',
    "{ 7*7 }",
    "${7*7}",
    "<%= 7 %>",
    "\\n",
    "=3D",
    "https://a.b",
]


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("place", ["subject", "preheader", "text", "clinic", "public_name"])
def test_markup_is_only_ever_text(place: str, text: str) -> None:
    lines = {place: text} if place in ("subject", "preheader") else {}
    document = email_of({"type": "greeting", "text": text if place == "text" else "x"}, **lines)
    theme = replace(THEME, clinic_name=text) if place == "clinic" else THEME
    public_name = text if place == "public_name" else "Emails"
    rich = part(message_of(skeleton_of(document, theme=theme, public_name=public_name)), "html")
    assert text in seen(rich)
    elements = list(html5lib.parse(rich, namespaceHTMLElements=False).iter())
    assert not any(element.tag in ("script", "mj-include") for element in elements)
    assert not any(name.startswith("on") for element in elements for name in element.attrib)


def test_a_long_unbroken_word_and_many_lines_travel() -> None:
    text = "x" * 5000 + " " + "👩‍👩‍👧‍👦 שלום " * 500
    raw = message_of(skeleton_of(email_of({"type": "greeting", "text": text})))
    assert_aftercare_headers(raw, RCPT)
    assert "x" * 5000 in part(raw, "plain")


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("pen: no prompt J99 in library/prompts.yaml", {"type": "prompt", "from": ["J99"]}),
    ("resource_list1: no guide nowhere. Use one of: walking", {"type": "resource_list", "guide": "nowhere"}),
    ("support.number is empty", {"type": "greeting", "text": "{{ support.number }}"}),
]


@pytest.mark.parametrize(("message", "block"), BROKEN)
def test_a_text_that_cannot_be_shown_says_why(message: str, block: dict[str, Any]) -> None:
    if block["type"] == "prompt":
        block = {**block, "key": "pen", "intro": "x", "lighter_from": ["J01"]}
    if "guide" in block:
        block = {"type": "resource_list", "heading": "h", "links": [{"guide": block["guide"], "text": "t"}]}
    with pytest.raises(ContentError, match=re.escape(message)):
        skeleton_of(email_of(block), Variant(country="NZ"))


@pytest.mark.parametrize("name", ["clinic_name", "postal_address", "reply_reader", "hours"])
def test_an_email_without_its_frame_does_not_compile(name: str) -> None:
    with pytest.raises(ContentError, match=f"theme: {name} is empty"):
        skeleton_of(theme=replace(THEME, **{name: " "}))


def test_a_clinic_without_telephone_shows_none_and_a_logo_has_its_name_as_alt() -> None:
    theme = replace(THEME, phone="", logo_url="https://willow.example/logo.png")
    rich = part(message_of(skeleton_of(email_of({"type": "contact"}), theme=theme)), "html")
    assert "Telephone" not in rich
    assert 'alt="Willow &amp; Wren"' in rich


def test_the_language_tag_of_a_region_uses_the_languages_words() -> None:
    skeleton = skeleton_of(variant=Variant(language="en-GB"))
    assert skeleton.language == "en-GB"
    assert_aftercare_headers(message_of(skeleton), RCPT)


SHIPPED = [p for p in (templates_root() / "sequences" / "en").rglob("*.yaml") if p.name != "sequence.yaml"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_email_compiles_with_every_card_and_passes_the_checklist(path: Any) -> None:
    document, library = parse_email(load(path), path.name), load_library(templates_root())
    purpose = load(path.with_name("sequence.yaml"))["purpose"]
    why: Any = "request" if purpose == "account" else "consent"
    for number in range(max(map(len, document.decks().values()), default=1)):
        cards = tuple((deck, ids[number % len(ids)]) for deck, ids in document.decks().items())
        variant = Variant(cards=cards, returning=bool(number % 2), why=why)
        skeleton = compile_email(document, THEME, variant, library, "Emails")
        assert_aftercare_headers(message_of(skeleton, purpose=purpose), RCPT, purpose=purpose)
