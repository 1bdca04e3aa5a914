import re
from dataclasses import replace

import html5lib
import pytest

from aftercare.errors import ContentError
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.library import load_library
from aftercare.mail.page import render_page
from aftercare.mail.paths import templates_root
from aftercare.mail.theme import Theme
from tests.mail.letters import EVERY_BLOCK, LIBRARY, THEME, email_of

PAGE = parse_email(
    {**EVERY_BLOCK, "blocks": [b for b in EVERY_BLOCK["blocks"] if b["type"] != "run_note"]}, "x"
)


def test_a_page_has_all_blocks_with_fallbacks_for_names() -> None:
    page = render_page(PAGE, LIBRARY, THEME)
    for word in (
        "Hello there,",
        "From us &amp; all.",
        "Rest",
        "March on the spot.",
        "What was ordinary?",
        "116 123",
    ):
        assert word in page
    assert "Zoë" not in page


@pytest.mark.parametrize("theme", [THEME, None])
def test_a_page_loads_nothing_and_runs_nothing(theme: Theme | None) -> None:
    document = email_of(*(b for b in EVERY_BLOCK["blocks"] if b["type"] not in ("run_note", "contact")))
    page = render_page(document, LIBRARY, theme, nonce="abc123")
    assert not re.search(r"<(script|img|link|iframe|form)\b|url\(|@import|\bstyle=|\bon\w+=", page)
    assert page.count("<style") == page.count('<style nonce="abc123">') == 1


def test_a_page_is_built_for_screen_readers_and_phones() -> None:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        render_page(PAGE, LIBRARY, THEME)
    )
    assert tree.attrib["lang"] == "en"
    assert len(list(tree.iter("h1"))) == len(list(tree.iter("main"))) == 1
    assert any(meta.get("name") == "viewport" for meta in tree.iter("meta"))
    assert "prefers-color-scheme:dark" in render_page(PAGE, LIBRARY, THEME)


def test_markup_and_nonces_are_escaped() -> None:
    page = render_page(email_of({"type": "greeting", "text": "<b>x</b>"}), LIBRARY, nonce='"><script>')
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("text", ["{{ run.days }}", "{{ clinic.name }}"])
def test_what_a_page_cannot_know_is_an_error(text: str) -> None:
    document: EmailDocument = email_of({"type": "greeting", "text": text})
    with pytest.raises(ContentError, match=text.strip("{ }")):
        render_page(document, LIBRARY)


def test_support_follows_the_country_then_the_clinic_then_nobody() -> None:
    document = email_of({"type": "support", "style": "full"})
    assert ">111</a>" in render_page(document, LIBRARY, THEME, country="NZ")
    assert ">999</a>" in render_page(document, LIBRARY, THEME)
    assert "local emergency number" in render_page(document, LIBRARY, replace(THEME, country=""))


@pytest.mark.parametrize("slug", sorted(load_library(templates_root()).guides))
def test_every_shipped_guide_is_valid_html_with_and_without_a_clinic(slug: str) -> None:
    library = load_library(templates_root())
    for theme in (THEME, None):
        page = render_page(library.guides[slug], library, theme)
        html5lib.HTMLParser(strict=True).parse(page)
        for target in re.findall(r'href="/guides/([^"]+)"', page):
            assert target in library.guides
