"""An email from right to left: one sample in Arabic, and the numbers in it that run the other way."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from aftercare.mail.compile import Variant, compile_email
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.page import render_page
from aftercare.testing.headers import assert_aftercare_headers
from aftercare.yamlfile import load
from tests.mail.letters import LIBRARY, RCPT, THEME, email_of, message_of, part

ARABIC = replace(LIBRARY, words=load(Path(__file__).parent / "data" / "layout.ar.yaml"))
SHELF = replace(LIBRARY, others={"ar": ARABIC})
BLOCKS = [
    {"type": "greeting", "text": "مرحبا {{ first_name | بك }}،"},
    {
        "type": "practice",
        "title": "ثلاث طرق",
        "minutes": 5,
        "intro": "واحدة منها أو لا شيء اليوم.",
        "options": [{"label": "الأصوات", "text": "أقرب صوت."}, {"label": "اليدان", "text": "ما هو دافئ."}],
    },
    {"type": "contact", "text": "اتصل على {{ clinic.phone }}."},
    {"type": "support", "style": "short"},
    {"type": "support", "style": "full"},
    {"type": "resource_list", "heading": "للقراءة", "links": [{"guide": "walking", "text": "نزهات قصيرة."}]},
]
ARABIC_LINES = {"subject": "خطة هادئة لهذا المساء", "preheader": "لا شيء عليك فعله. ثلاث أفكار سهلة."}


def sample() -> EmailDocument:
    """An English email and its Arabic translation."""
    english = email_of(*({**block, "key": f"b{n}"} for n, block in enumerate(BLOCKS)))
    arabic = english.to_json() | ARABIC_LINES | {"public_name": "رسائل بعد زيارتك"}
    return parse_email(english.to_json() | {"translations": {"ar": arabic}}, "sample")


def mail() -> tuple[str, str]:
    """HTML and text as a reader of Arabic gets them, wherever she is."""
    message = message_of(compile_email(sample(), THEME, Variant(language="ar-EG"), SHELF, "Emails"))
    assert_aftercare_headers(message, RCPT)
    return part(message, "html"), part(message, "plain")


def test_document_and_wrapper_say_language_and_direction() -> None:
    html, _ = mail()
    assert '<html lang="ar" dir="rtl"' in html
    wrapper = re.search(r'<div[^>]*role="article"[^>]*>', html)
    assert wrapper
    assert 'lang="ar"' in wrapper[0]
    assert 'dir="rtl"' in wrapper[0]
    assert not re.search("direction: ?ltr", html)


def test_numbers_and_what_the_clinic_writes_keep_their_order_in_both_parts() -> None:
    for body in mail():
        shown = re.sub(r"<style.*?</style>|<[^>]*>", "", body, flags=re.DOTALL)
        for text, times in (("116 123", 2), (THEME.phone, 2), ("12 Mill Lane", 1), (THEME.hours, 2)):
            assert shown.count(f"\u2068{text}\u2069") == shown.count(text) == times


def test_a_link_dials_the_bare_number_and_english_needs_no_isolate() -> None:
    html, _ = mail()
    assert 'href="tel:116123"' in html
    english = message_of(compile_email(sample(), THEME, Variant(), SHELF, "Emails"))
    assert "\u2068" not in part(english, "html") + part(english, "plain")


def test_a_page_from_right_to_left_says_so() -> None:
    page = render_page(replace(sample(), translations={}), SHELF, THEME, language="ar")
    assert '<html lang="ar" dir="rtl">' in page
    assert "\u2068116 123\u2069" in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 600])
def test_it_reads_from_right_to_left_and_its_numbers_from_left_to_right(browser: Browser, width: int) -> None:
    html, _ = mail()
    with browser.new_page(viewport={"width": width, "height": 700}) as page:
        page.set_content(html)
        edges = page.evaluate(GROUPS)
        sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        styles = page.evaluate(STYLES)
    assert edges
    assert all(first < second for first, second in edges)
    assert not sideways
    assert {tuple(style) for style in styles} == {("right", "rtl")}


STYLES = """[...document.querySelectorAll('h1, h2, p, li')].map(
  one => [getComputedStyle(one).textAlign, getComputedStyle(one).direction])"""
GROUPS = """[...document.querySelectorAll('a[href="tel:116123"]')].map(link => {
  const text = link.firstChild, at = word => {
    const range = document.createRange(), start = text.data.indexOf(word);
    range.setStart(text, start); range.setEnd(text, start + 3);
    return range.getBoundingClientRect().left;
  };
  return [at('116'), at('123')];
})"""
"""Where the two halves of the number begin on the screen, in points from the left."""
