"""The blocks of the guide for therapists and the newsletter: checklist, pairs of wording, evidence."""

from typing import Any

import html5lib
import pytest

from aftercare.errors import ContentError
from aftercare.mail.page import render_page
from tests.mail.letters import LIBRARY, both, email_of, seen

CHECKLIST: dict[str, Any] = {
    "type": "checklist",
    "heading": "Before they come in",
    "intro": "A room feels safe for small reasons.",
    "items": ["The room is warm.", "Towels & water are within reach."],
}
WORDING: dict[str, Any] = {
    "type": "say_instead",
    "heading": "Words that steady",
    "instead_of": "Instead of",
    "we_say": "We say",
    "pairs": [
        {"avoid": "“Calm down.”", "say": "“There is no hurry.”"},
        {"avoid": "“Let it all out.”", "say": "“That makes sense.”"},
    ],
}
EVIDENCE: dict[str, Any] = {
    "type": "evidence",
    "label": "From the research",
    "claim": "A review found little effect.",
    "source": "Moyer & others",
    "year": 2011,
    "url": "https://doi.org/10.1016/j.jbmt.2010.06.001",
    "strength": "Mostly not distinguishable from zero.",
}


def forms(block: dict[str, Any]) -> tuple[str, str, str]:
    """A block as text with its lines, as the words of an email and as the words of a web page."""
    text, html = both(email_of(block))
    return text.replace("\r\n", "\n"), seen(html), seen(render_page(email_of(block), LIBRARY))


def test_a_checklist_can_be_ticked_off_on_paper() -> None:
    text, email, page = forms(CHECKLIST)
    assert "\n[ ] The room is warm.\n[ ] Towels & water are within reach.\n" in text
    for body in (email, page):
        assert "small reasons. The room is warm. Towels & water" in body.replace(".Towels", ". Towels")


def test_a_pair_of_wording_stands_together_with_the_better_words_last() -> None:
    text, email, page = forms(WORDING)
    assert "- Instead of: “Calm down.”\n  We say: “There is no hurry.”\n- Instead of: “Let it" in text
    for body in (email, page):
        places = [body.index(word) for word in ("Calm down", "no hurry", "Let it all out", "makes sense")]
        assert places == sorted(places)
        assert body.count("Instead of") == body.count("We say") == 2


def test_wording_needs_no_table_so_that_a_telephone_can_show_it() -> None:
    _, html = both(email_of(WORDING))
    tables = html5lib.parse(html, namespaceHTMLElements=False).iter("table")
    assert all(table.get("role") == "presentation" for table in tables)


def test_evidence_says_what_by_whom_when_and_how_sure_with_a_link() -> None:
    text, email, page = forms(EVIDENCE)
    assert "\nMoyer & others, 2011\n  https://doi.org/10.1016/j.jbmt.2010.06.001\n" in text
    for body in (text, email, page):
        for word in (
            "From the research",
            "A review found little effect.",
            "Moyer & others, 2011",
            "from zero.",
        ):
            assert word in body


def test_evidence_from_a_page_without_a_year_shows_none() -> None:
    undated = {name: value for name, value in EVIDENCE.items() if name != "year"}
    for body in forms(undated):
        assert "Moyer & others" in body
        assert "Moyer & others," not in body
        assert "None" not in body


@pytest.mark.parametrize(
    "url",
    [
        "http://doi.org/10.1016",
        "javascript:alert(1)",
        "//doi.org/10.1016",
        "doi.org/10.1016",
        "https://",
        "https://[::1",
        "https://clinic.example@evil.example/",
        "https://doi.org/a b",
        'https://doi.org/"onmouseover="x',
        "https://doi.org/{{ clinic.name }}",
    ],
)
def test_only_a_whole_https_address_can_be_a_source(url: str) -> None:
    with pytest.raises(ContentError, match=r"\(evidence\)\.url: must be one whole address .* https://"):
        email_of({**EVIDENCE, "url": url})


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ({**EVIDENCE, "year": 11}, r"year: .*1900"),
        ({**EVIDENCE, "strength": " "}, r"strength: "),
        ({**CHECKLIST, "items": []}, r"items: .*at least 1"),
        ({**CHECKLIST, "items": ["x"] * 9}, r"items: .*at most 8"),
        ({**WORDING, "pairs": []}, r"pairs: .*at least 1"),
        ({**WORDING, "pairs": [{"avoid": "“Relax.”"}]}, r"pairs\.0\.say: is missing"),
    ],
)
def test_a_block_without_its_substance_is_refused_by_place(block: dict[str, Any], fault: str) -> None:
    with pytest.raises(ContentError, match=fault):
        email_of(block)
