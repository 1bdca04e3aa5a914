"""The page behind the email that asks: looking changes nothing, a button does, and old links work on."""

import re

import pytest

from aftercare.flows import consent_request
from aftercare.mail.tokens import Purpose
from aftercare.models import Client, Clinic
from aftercare.store import consents
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.one_database import database_url
from tests.web.visitor import Visitor, link

__all__ = ["database_url"]

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""


@pytest.fixture
def ravi(world: World) -> str:
    """A client who was asked and has not answered."""
    client_id = world.add_client("ravi@example.com", first_name="Ravi", topics=())
    with world.app.transaction() as db:
        consent_request.ask(db, world.clinic_id, client_id, by="sam", now=world.app.clock.now())
    return client_id


def page(world: World, client_id: str, purpose: Purpose = Purpose.CONSENT) -> str:
    """The path of her link."""
    return link(world, client_id, purpose=purpose).replace("/u/", "/c/")


def given(world: World, client_id: str) -> bool | None:
    """Her word on aftercare emails; None where she has not spoken."""
    with world.app.reading() as db:
        record = consents.current(db, client_id).get("aftercare")
    return None if record is None else record.given


@ONE_IS_ENOUGH
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(world: World, visitor: Visitor, ravi: str, method: str) -> None:
    before = table_hash(world.app.engine)
    answer = visitor.send(method, page(world, ravi))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert table_hash(world.app.engine) == before


def test_the_page_says_who_asks_what_would_come_and_the_very_words(
    world: World, visitor: Visitor, ravi: str
) -> None:
    text = visitor.get(page(world, ravi)).text
    with world.app.reading() as db:
        words = consent_request.wording(db.get_one(Clinic, world.clinic_id))
    assert all(said in text for said in ("Willow Lane Clinic", words, "no more than one a day", "r•••@"))
    visitor.post(page(world, ravi), data={"answer": "yes"})
    with world.app.reading() as db:
        record = consents.current(db, ravi)["aftercare"]
    assert (record.wording, record.source, record.recorded_by) == (words, "consent_page", f"client:{ravi}")


def test_yes_counts_once_and_the_next_page_has_the_way_out(world: World, visitor: Visitor, ravi: str) -> None:
    first = visitor.post(page(world, ravi), data={"answer": "yes"})
    after = table_hash(world.app.engine)
    second = visitor.post(page(world, ravi), data={"answer": "yes"})
    assert (first.status_code, second.status_code) == (200, 200)
    assert table_hash(world.app.engine) == after
    assert given(world, ravi) is True
    assert "You get these emails" in visitor.get(page(world, ravi)).text
    leave = re.search(r'href="(/u/[^"]+)"', first.text)
    assert leave
    visitor.post(leave[1], data={"leave": "topic"})
    assert given(world, ravi) is False


def test_no_is_kept_and_the_old_link_still_lets_her_change_her_mind(
    world: World, visitor: Visitor, ravi: str
) -> None:
    assert "No emails will come" in visitor.post(page(world, ravi), data={"answer": "no"}).text
    assert given(world, ravi) is False
    assert "You said no" in visitor.get(page(world, ravi)).text
    visitor.post(page(world, ravi), data={"answer": "yes"})
    assert given(world, ravi) is True


@ONE_IS_ENOUGH
@pytest.mark.parametrize("body", [{}, {"data": {"answer": "maybe"}}, {"json": {"answer": "yes"}}])
def test_anything_but_a_button_shows_the_question_again(
    world: World, visitor: Visitor, ravi: str, body: dict[str, dict[str, str]]
) -> None:
    answer = visitor.send("POST", page(world, ravi), **body)
    assert answer.status_code in (200, 415, 422)
    assert given(world, ravi) is None


@ONE_IS_ENOUGH
@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.CONSENT])
def test_a_link_for_something_else_opens_nothing_here(
    world: World, visitor: Visitor, ravi: str, purpose: Purpose
) -> None:
    for method in ("GET", "POST"):
        answer = visitor.send(method, page(world, ravi, purpose), data={"answer": "yes"})
        assert answer.status_code == 404
    assert given(world, ravi) is None


def test_a_renewed_link_makes_the_old_one_useless(world: World, visitor: Visitor, ravi: str) -> None:
    old = page(world, ravi)
    with world.app.transaction() as db:
        db.get_one(Client, ravi).token_epoch += 1
    answer = visitor.post(old, data={"answer": "yes"})
    assert answer.status_code == 404
    assert "That link has been cut short" in answer.text
    assert given(world, ravi) is None


@ONE_IS_ENOUGH
def test_a_consent_link_cannot_unsubscribe(world: World, visitor: Visitor, maya: str) -> None:
    foreign = link(world, maya, purpose=Purpose.CONSENT)
    assert visitor.post(foreign, data={"leave": "everything"}).status_code == 404
    assert given(world, maya) is True
