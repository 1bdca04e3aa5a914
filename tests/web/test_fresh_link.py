"""A link that was cut short: a kind page, and the same answer to every address."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from aftercare.flows import clients
from aftercare.models import Client
from aftercare.store import audit, consents
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.visitor import Visitor, link

SENT = "If this address gets emails from us, a fresh link is on its way."


def fresh(world: World, client_id: str) -> list[str]:
    """States of the emails with a fresh link."""
    return [row.state for row in world.messages(client_id) if row.step_key == "your-link"]


def plain(text: str) -> str:
    """A page without what is new each time."""
    return re.sub(r'nonce="[^"]+"', "", text)


@pytest.mark.parametrize("place", ["u", "s", "v", "c"])
def test_a_cut_link_gets_a_kind_page_wherever_it_leads(
    world: World, maya: str, visitor: Visitor, place: str
) -> None:
    cut = link(world, maya)[3:-4]
    for path in (cut, cut + "=", "x", cut + "/and/more"):
        page = visitor.get(f"/{place}/{path}")
        assert page.status_code == 404
        assert 'action="/fresh-link"' in page.text
        assert "cut short" in page.text
        assert page.headers["cache-control"] == "no-store"


def test_every_address_gets_the_same_answer_and_a_known_one_a_link_that_opens_her_settings(
    world: World, maya: str, visitor: Visitor
) -> None:
    with world.app.transaction() as db:
        db.get_one(Client, maya).token_epoch += 1
    answers = [
        visitor.post("/fresh-link", data={"email": address})
        for address in ("maya@example.com", "MAYA@example.com", "nobody@example.com")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({plain(answer.text) for answer in answers}) == 1
    assert SENT in answers[0].text
    assert fresh(world, maya) == []
    pass_time(world.app, MONDAY_14 + timedelta(minutes=5))
    assert fresh(world, maya) == ["sent"]
    [path] = (world.app.settings.data_dir / "outbox").rglob("*.eml")
    email = message_from_bytes(path.read_bytes(), policy=default)
    body = email.get_body(("plain",))
    assert body is not None
    found = re.search(re.escape(world.app.settings.public_url) + r"(/s/[\w-]+)", body.get_content())
    assert found
    assert "What would you like?" in visitor.get(found[1]).text
    assert email["List-Unsubscribe"] is None
    assert "maya" not in str(email["Subject"]).lower()


def test_an_address_gets_one_a_day_at_most(world: World, maya: str, visitor: Visitor) -> None:
    for hours in (1, 5, 23, 30):
        pass_time(world.app, MONDAY_14 + timedelta(hours=hours))
        visitor.post("/fresh-link", data={"email": "maya@example.com"})
        pass_time(world.app, MONDAY_14 + timedelta(hours=hours, minutes=10))
    assert fresh(world, maya) == ["sent", "sent"]


@pytest.mark.parametrize("why", ["her address takes no emails", "a complaint is open"])
def test_nothing_goes_where_no_email_may_and_the_page_names_another_way(
    world: World, maya: str, visitor: Visitor, why: str
) -> None:
    with world.app.transaction() as db:
        if why == "a complaint is open":
            clients.hold(db, world.clinic_id, maya, reason="moving house", by="sam", now=MONDAY_14)
            clients.hold(db, world.clinic_id, maya, reason="complaint_open", by="sam", now=MONDAY_14)
        else:
            consents.suppress(db, db.get_one(Client, maya), reason="bounced", by="engine", now=MONDAY_14)
    page = visitor.post("/fresh-link", data={"email": "maya@example.com"})
    assert "please ring the clinic" in page.text
    pass_time(world.app, MONDAY_14 + timedelta(minutes=5))
    assert fresh(world, maya) == []
    with world.app.reading() as db:
        assert "link.asked" not in [entry.action for entry in audit.of_subject(db, world.clinic_id, maya)]


def test_what_is_no_address_gets_the_form_again(world: World, maya: str, visitor: Visitor) -> None:
    page = visitor.post("/fresh-link", data={"email": "maya@@example"}, headers={"Accept-Language": "es-MX"})
    assert page.status_code == 422
    assert "Esto no es una dirección de correo entera" in page.text
    assert "maya@@" not in page.text
