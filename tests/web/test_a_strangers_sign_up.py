"""What a stranger types into the form reaches nobody, and brings nobody an email that she must not get."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from aftercare.flows import clients as roster
from aftercare.flows import life_events
from aftercare.store import clients
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.one_database import database_url
from tests.web.signing_up import link_in, mailbox, opened, sign_up, word_of
from tests.web.visitor import Visitor

__all__ = ["database_url"]

VERA = "vera@example.com"


def _died(db: Session, world: World, client_id: str) -> None:
    life_events.stop_everything(db, world.clinic_id, client_id, reason="died", by="sam", now=MONDAY_14)


def _complains(db: Session, world: World, client_id: str) -> None:
    roster.hold(db, world.clinic_id, client_id, reason="complaint_open", by="sam", now=MONDAY_14)


@pytest.mark.parametrize("happened", [_died, _complains])
def test_somebody_who_died_or_complains_gets_no_email_from_the_form(
    world: World, visitor: Visitor, happened: Callable[[Session, World, str], None]
) -> None:
    opened(world)
    vera = world.add_client(VERA)
    with world.app.transaction() as db:
        happened(db, world, vera)
    sign_up(visitor, VERA)
    world.app.sweep()
    assert mailbox(world, VERA) == []


def test_a_yes_to_a_clinic_that_has_stopped_her_emails_since_is_refused_kindly(
    world: World, visitor: Visitor
) -> None:
    opened(world)
    vera = world.add_client(VERA)
    sign_up(visitor, VERA)
    world.app.sweep()
    link = link_in(world, mailbox(world, VERA)[-1])
    with world.app.transaction() as db:
        _died(db, world, vera)
    for answer in (visitor.get(link), visitor.post(link, data={"answer": "yes"})):
        assert "sends no emails to this address" in answer.text
    assert word_of(world, VERA) is None


def test_what_is_typed_after_the_email_has_left_is_not_shown_to_its_reader(
    world: World, visitor: Visitor
) -> None:
    opened(world)
    sign_up(visitor, VERA, first_name="First insult")
    world.app.sweep()
    link = link_in(world, mailbox(world, VERA)[-1])
    before = visitor.get(link).text.partition("<body")[2]
    sign_up(visitor, VERA, first_name="Second insult", language="es")
    after = visitor.get(link).text.partition("<body")[2]
    assert after == before
    assert "insult" not in after
    assert "Yes, Willow Lane Clinic" in after
    visitor.post(link, data={"answer": "yes", "first_name": "Vera"})
    with world.app.reading() as db:
        vera = clients.by_email(db, world.clinic_id, VERA)
    assert vera is not None
    assert (vera.first_name, vera.language) == ("Vera", "en")
