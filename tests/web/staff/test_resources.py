"""The resource library in the browser."""

from datetime import timedelta

import pytest

from aftercare.clock import SteppedClock
from aftercare.models import Resource
from aftercare.store import resources as rows
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import draft_of, form_to, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOME = "/resources"
WALK = "/sequences/after-your-visit/steps/short-walk"


def entries(world: World) -> list[Resource]:
    """The library as it is now."""
    with world.app.reading() as db:
        return rows.all_of(db, world.clinic_id)


@pytest.fixture
def tea(world: World, owner: Colleague) -> Resource:
    """An entry, added by its form."""
    told = send(
        owner,
        f"{HOME}/new",
        HOME,
        title="Tea <b>",
        url="https://tea.example.org",
        country="Spain",
        note="Ask",
    )
    assert 'value="Tea &lt;b&gt;"' in told
    assert "without &lt; &gt; { }" in told
    told = send(
        owner,
        f"{HOME}/new",
        HOME,
        title="Tea & talk",
        url="https://tea.example.org",
        country="Spain",
        note="Ask",
    )
    assert "Added. Emails can link to it now." in told
    [row] = entries(world)
    return row


def test_the_list_says_in_words_what_stands_in_the_library(
    world: World, owner: Colleague, tea: Resource
) -> None:
    assert 'href="/resources"' in owner.get("/sequences").text
    page = owner.get(HOME).text
    for words in (
        "Tea &amp; talk",
        "Organisation",
        "English",
        "Spain",
        "today",
        "Our page",
        "English, Spanish",
    ):
        assert words in page, words
    assert f"{HOME}/{tea.id}" not in colleague(world, "viewer").get(HOME).text
    clock = world.app.clock
    assert isinstance(clock, SteppedClock)
    clock.advance(timedelta(days=200))
    page = colleague(world).get(HOME).text
    assert "6 months ago" in page
    assert "Look again" in page
    clock.advance(timedelta(days=200))
    assert "Not looked at for a year" in colleague(world).get(HOME).text


def test_an_entry_is_corrected_checked_marked_and_removed(
    world: World, owner: Colleague, tea: Resource
) -> None:
    path = f"{HOME}/{tea.id}"
    assert form_to(owner.get(path).text, path)["country"] == ["ES"]
    assert "must be a whole address" in send(owner, path, path, url="http://tea.example.org")
    assert "Saved." in send(owner, path, path, title="Coffee")
    assert "emails go out without it" in send(owner, path, f"{path}/dead")
    assert "Does not work any more" in owner.get(HOME).text
    assert f"{path}/dead" not in owner.get(path).text
    assert "checked today" in send(owner, HOME, f"{path}/checked")
    [row] = entries(world)
    assert (row.title, row.is_dead) == ("Coffee", False)
    assert "Removed." in send(owner, path, f"{path}/remove")
    assert entries(world) == []


def test_an_email_links_to_an_entry_that_then_stays(world: World, owner: Colleague, tea: Resource) -> None:
    with world.app.transaction() as db:
        db.get_one(Resource, tea.id).country = "GB"
    draft_of(owner)
    page = owner.get(WALK).text
    [guide] = [name for name in form_to(page, WALK) if name.endswith(":links:0:guide")]
    block = guide.split(":")[0]
    name = f"{block}__links__0__"
    both = {f"{name}resource": tea.slug}
    assert "name one of our pages" in send(owner, WALK, WALK, act="save", **both)
    one = {f"{name}resource": tea.slug, f"{name}guide": ""}
    assert "Saved in the draft." in send(owner, WALK, WALK, act="save", **one)
    assert form_to(owner.get(WALK).text, WALK)[f"{block}:links:0:resource"] == [tea.slug]
    assert "https://tea.example.org" in owner.get(f"{WALK}/preview?view=html").text
    told = send(owner, f"{HOME}/{tea.id}", f"{HOME}/{tea.id}/remove")
    assert "Emails link to it: After your visit, short-walk" in told
    assert len(entries(world)) == 1
