"""Links to guide pages and to a clinic's own resources."""

from dataclasses import replace

import pytest

from aftercare.errors import ContentError
from aftercare.mail.blocks.resource_list import LAST_RESORT, ResourceList
from aftercare.mail.compile import Variant, compile_email
from aftercare.mail.resources import Entry, Used, links_in
from tests.mail.letters import LIBRARY, THEME, email_of, message_of, part, seen

ENTRIES = {
    "here": Entry("Bread & tea", "https://here.example.org/?a=1&b=2", "en"),
    "britain": Entry("In Britain", "https://gb.example.org", "en", "GB"),
    "spanish": Entry("En español", "https://es.example.org", "es"),
    "gone": Entry("Gone", "https://gone.example.org", "en", works=False),
}
GUIDES = {**LIBRARY.guides, LAST_RESORT: LIBRARY.guides["walking"]}
SHELF = replace(LIBRARY, resources=ENTRIES, guides=GUIDES)


def bodies(slugs: list[str], country: str = "GB") -> tuple[str, str]:
    """Text and HTML of an email whose list has these entries; one that begins with / is a page of ours."""
    links = [
        {"guide": slug[1:], "text": "Ours."}
        if slug.startswith("/")
        else {"resource": slug, "text": f"Why {slug}."}
        for slug in slugs
    ]
    block = {"type": "resource_list", "heading": "To read more", "links": links}
    skeleton = compile_email(email_of(block), THEME, Variant(country=country), SHELF, "Emails")
    raw = message_of(skeleton)
    return part(raw, "plain").replace("\r\n", "\n"), part(raw, "html")


def test_titles_and_addresses_come_from_the_library() -> None:
    text, html = bodies(["here", "/walking"])
    assert "- Bread & tea: Why here.\n  https://here.example.org/?a=1&b=2\n" in text
    assert 'href="https://here.example.org/?a=1&amp;b=2"' in html
    assert "Bread & tea Why here." in seen(html)
    assert f"{THEME.public_base_url}/guides/walking" in text
    assert f'href="{THEME.public_base_url}/guides/walking"' in html


@pytest.mark.parametrize(
    ("slugs", "country", "shown"),
    [
        (["here", "spanish"], "GB", ["here"]),
        (["here", "britain"], "IE", ["here"]),
        (["here", "britain"], "GB", ["here", "britain"]),
        (["spanish"], "GB", ["spanish"]),
        (["britain", "spanish"], "IE", ["spanish"]),
        (["gone", "here"], "GB", ["here"]),
        (["gone", "spanish"], "GB", ["spanish"]),
    ],
)
def test_an_entry_for_another_country_never_shows_one_in_another_language_if_there_is_no_other(
    slugs: list[str], country: str, shown: list[str]
) -> None:
    for body in bodies(slugs, country):
        assert [slug for slug in slugs if ENTRIES[slug].url.partition("?")[0] in body] == shown


@pytest.mark.parametrize(
    ("slugs", "country"), [(["gone"], "GB"), (["britain"], "IE"), (["gone", "britain"], "US")]
)
def test_a_list_of_which_nothing_is_left_shows_our_page_on_finding_somebody(
    slugs: list[str], country: str
) -> None:
    for body in bodies(slugs, country):
        assert "To read more" in body
        assert f"{THEME.public_base_url}/guides/{LAST_RESORT}" in body
        assert not [slug for slug in slugs if ENTRIES[slug].url in body]


def test_an_entry_that_nobody_knows_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ContentError, match=r"no resource nowhere\. The library has: britain, gone, here"):
        bodies(["nowhere"])


@pytest.mark.parametrize("link", [{}, {"guide": "walking", "resource": "here"}])
def test_a_link_leads_to_exactly_one_place(link: dict[str, str]) -> None:
    block = {"type": "resource_list", "heading": "More", "links": [{**link, "text": "Why."}]}
    with pytest.raises(ContentError, match=r"links.0: name one of our pages \(guide\) or an entry"):
        email_of(block)


def test_what_a_new_block_begins_with_leads_to_a_page_of_ours() -> None:
    block = {"type": "resource_list", "key": "more", **ResourceList.starter}
    document = email_of(block).to_json()
    assert list(links_in(document)) == [Used("more", guide="finding-someone-to-talk-to")]


def test_links_are_found_in_every_language() -> None:
    block = {"type": "resource_list", "key": "more", "links": [{"resource": "here"}]}
    spanish = {"blocks": [{"type": "resource_list", "links": [{"resource": "spanish"}]}]}
    document = {"blocks": [{"type": "note"}, block], "translations": {"es": spanish}}
    assert list(links_in(document)) == [Used("more", "here"), Used("resource_list", "spanish")]
