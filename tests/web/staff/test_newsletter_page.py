"""Staff open and close the public newsletter pages, look at them first, and copy the form."""

import re
from datetime import timedelta
from html import unescape

import pytest

from aftercare.domain.signups import PER_NETWORK
from aftercare.flows import signup_mail
from tests.factories import World
from tests.web.signing_up import PAGE, later, mailbox, opened, sign_up, stored
from tests.web.staff.colleague import Colleague, colleague
from tests.web.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOME = "/newsletters/sign-up"
OWN = "Yes, Willow Lane may write to me about once a month."


@pytest.fixture
def editor(world: World) -> Colleague:
    """Somebody who writes the newsletter."""
    return colleague(world, "editor")


def test_the_form_is_closed_until_somebody_opens_it(
    world: World, visitor: Visitor, editor: Colleague
) -> None:
    assert visitor.get(PAGE).status_code == 404
    editor.post(HOME, {"takes_signups": "true"})
    assert visitor.get(PAGE).status_code == 200
    assert f"{world.app.settings.public_url}{PAGE}" in editor.get(HOME).text
    editor.post(HOME, {})
    assert visitor.get(PAGE).status_code == 404
    assert "Sign-up is closed." in editor.get(HOME).text


def test_what_is_previewed_is_saved_nowhere_and_what_is_saved_is_shown_and_recorded(
    world: World, visitor: Visitor, editor: Colleague
) -> None:
    words = {"takes_signups": "true", "wording_en": OWN}
    looked_at = editor.post(f"{HOME}/preview?lang=en", words)
    assert OWN in looked_at.text
    assert not re.search(r"<form[^>]*action", looked_at.text)
    assert "Boletín" in editor.post(f"{HOME}/preview?lang=es", words).text
    assert visitor.get(PAGE).status_code == 404
    editor.post(HOME, words)
    assert OWN in visitor.get(PAGE).text
    assert OWN not in visitor.get(f"{PAGE}?lang=es").text
    sign_up(visitor, "nina@example.com")
    assert [row.wording for row in stored(world)] == [OWN]


def test_words_that_say_nothing_are_refused_beside_their_field(world: World, editor: Colleague) -> None:
    answer = editor.post(HOME, {"takes_signups": "true", "wording_es": "Vale."})
    assert answer.status_code == 422
    assert "The Spanish words: say what she agrees to" in answer.text
    assert 'id="wording_es-error"' in answer.text
    assert "checked" in answer.text


def test_the_form_to_copy_signs_somebody_up(world: World, visitor: Visitor, editor: Colleague) -> None:
    opened(world)
    box = re.search(r'<textarea id="snippet".*?>(.*?)</textarea>', editor.get(HOME).text, re.DOTALL)
    assert box
    form = unescape(box[1])
    assert "<script" not in form
    action = re.search(r'action="([^"]+)" method="post"', form)
    names = set(re.findall(r'name="(\w+)"', form))
    assert action
    assert names == {"language", "email", "website"}
    path = action[1].removeprefix(world.app.settings.public_url)
    answer = visitor.post(
        path,
        data=dict.fromkeys(names, "") | {"email": "nina@example.com", "language": "en"},
        headers={"Origin": "https://willow.example.com", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200
    world.app.sweep()
    assert len(mailbox(world, "nina@example.com")) == 1


def test_two_clinics_of_one_name_have_two_addresses_and_a_search_engine_is_asked_to_stay_away(
    world: World, visitor: Visitor
) -> None:
    opened(world)
    assert visitor.get(PAGE).headers["X-Robots-Tag"] == "noindex"
    opened(world, may_be_found=True)
    found = visitor.get(PAGE)
    assert "X-Robots-Tag" not in found.headers
    assert "noindex" not in found.text
    assert sign_up(visitor, "wrong").headers["X-Robots-Tag"] == "noindex"


def test_today_says_so_when_somebody_misuses_the_form(
    world: World, visitor: Visitor, editor: Colleague
) -> None:
    opened(world)
    for number in range(signup_mail.ALARM_FROM):
        sign_up(visitor, f"{number}@example.com")
    world.app.sweep()
    assert "misusing" not in editor.get("/today").text
    for _ in range(1 + signup_mail.ALARM_FROM):
        sign_up(visitor, "victim@example.com")
    world.app.sweep()
    page = editor.get("/today").text
    assert "Somebody may be misusing your sign-up form" in page
    assert "victim" not in page
    assert len(stored(world)) <= PER_NETWORK
    later(world, timedelta(days=2))
    assert "misusing" not in editor.get("/today").text


def test_the_inbox_shows_that_an_email_left_and_no_client_behind_it(
    world: World, visitor: Visitor, editor: Colleague
) -> None:
    opened(world)
    sign_up(visitor, "nina@example.com")
    world.app.sweep()
    page = editor.get("/inbox").text
    assert "Is this your email address?" in page
    assert "Somebody who signed up" in page
    opened_one = re.search(r'href="(/inbox/msg_\w+)"', page)
    assert opened_one
    text = editor.get(opened_one[1]).text
    assert "Somebody who signed up" in text
    assert not re.search(r"/clients/cli_|Nina|nina@", page + text)
