"""What the checks say about an email, where it is written and where it goes live."""

import pytest

from tests.factories import World
from tests.web.staff.colleague import Colleague
from tests.web.staff.forms import draft_of, form_to, send

SEQUENCE = "/sequences/after-your-visit"
PEN = f"{SEQUENCE}/steps/two-minutes-with-a-pen"


def test_a_shipped_email_has_no_findings_in_the_editor(world: World, owner: Colleague) -> None:
    draft_of(owner)
    page = owner.get(PEN).text
    assert "cannot go live" not in page
    assert "Worth another look" not in page


def test_the_editor_names_the_block_and_the_fix(world: World, owner: Colleague) -> None:
    draft_of(owner)
    page = send(owner, PEN, PEN, act="save", yours__paragraphs="You must finish!", subject="Your pain diary")
    assert "This cannot go live yet." in page
    assert '<a href="#block-yours">' in page
    assert "says “You must”. Invite instead" in page
    assert '<a href="#subject">Subject</a>: says “pain”.' in page
    assert "Worth another look." in page
    assert "has an exclamation mark" in page


def test_publishing_refuses_a_blocking_finding_and_leads_to_its_block(world: World, owner: Colleague) -> None:
    draft_of(owner)
    send(owner, PEN, PEN, act="save", yours__paragraphs="You must finish.")
    page = owner.get(f"{SEQUENCE}/publish").text
    assert "1 email cannot go live yet." in page
    assert f'href="{PEN}#block-yours"' in page
    answer = owner.post(f"{SEQUENCE}/publish", form_to(page, f"{SEQUENCE}/publish"))
    assert answer.status_code == 422


def test_what_only_warns_can_go_live(world: World, owner: Colleague) -> None:
    draft_of(owner)
    send(owner, PEN, PEN, act="save", yours__paragraphs="The page is yours!")
    page = owner.get(f"{SEQUENCE}/publish").text
    assert "cannot go live yet" not in page


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<mj-include path='/etc/passwd' />",
        "See javascript:alert(1)",
        "<iframe src=x>",
        "A <b>bold walk.",
        "A walk.</div>",
        "<svg onload=x>",
        "<style>",
        "A walk <!-- not yet",
    ],
)
def test_a_tag_among_the_words_is_refused_when_saved(world: World, owner: Colleague, typed: str) -> None:
    draft_of(owner)
    fields = form_to(owner.get(PEN).text, PEN) | {"act": "save", "yours:paragraphs": [typed]}
    answer = owner.post(PEN, fields)
    assert answer.status_code == 422
    assert "” is refused. Write plain words. Blocks make links" in answer.text


def test_less_than_and_a_heart_are_no_tags(world: World, owner: Colleague) -> None:
    draft_of(owner)
    send(owner, PEN, PEN, act="save", yours__paragraphs="With love <3 and 2 < 3.")
    assert "With love &lt;3 and 2 &lt; 3." in owner.get(PEN).text
