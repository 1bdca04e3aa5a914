"""Reading an email in the browser."""

import base64
import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from aftercare.clock import SteppedClock
from aftercare.mail.tokens import Purpose, sign
from aftercare.models import Client, Message
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.one_database import database_url
from tests.web.visitor import Visitor, link

__all__ = ["database_url"]

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
NINETY_DAYS = timedelta(days=90)


def address(world: World, message: Message) -> str:
    """The path at which an email can be read in the browser."""
    return link(world, message.client_id, message.id, Purpose.VIEW).replace("/u/", "/v/")


def first_sent(world: World, client_id: str) -> Message:
    """The first email that she was sent, this evening."""
    pass_time(world.app, MONDAY_14 + timedelta(hours=4))
    return world.messages(client_id)[0]


def set_clock(world: World, instant: datetime) -> None:
    """Let time pass while no worker runs."""
    assert isinstance(world.app.clock, SteppedClock)
    world.app.clock.set(instant)


def arrived(world: World) -> EmailMessage:
    """The one email that left."""
    [path] = (world.app.settings.data_dir / "outbox").rglob("*.eml")
    return message_from_bytes(path.read_bytes(), policy=default)


def body(email: EmailMessage, kind: str) -> str:
    """The HTML or the text of an email."""
    part = email.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_link_of_both_parts_shows_the_email_as_it_arrived(
    world: World, maya: str, visitor: Visitor
) -> None:
    path = address(world, first_sent(world, maya))
    email = arrived(world)
    assert f"View in browser:\r\n{world.app.settings.public_url}{path}\r\n" in body(email, "plain")
    page = visitor.get(path)
    assert (page.status_code, page.text) == (200, body(email, "html"))
    assert re.search(rf'href="[^"]+{path}"[^>]*>View in browser</a>', page.text)


def test_the_page_is_private_and_can_do_nothing(world: World, maya: str, visitor: Visitor) -> None:
    path = address(world, first_sent(world, maya))
    before = table_hash(world.app.engine)
    for method in ("GET", "HEAD"):
        headers = visitor.send(method, path).headers
        policy = headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        assert "set-cookie" not in headers
        assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; ")
        assert policy.endswith("form-action 'none'; frame-ancestors 'none'")
        assert "script" not in policy
    assert visitor.send("OPTIONS", path).headers["allow"] == "GET, HEAD, OPTIONS"
    assert visitor.post(path).status_code == 405
    assert table_hash(world.app.engine) == before


def test_its_links_work_and_leaving_takes_a_button(world: World, maya: str, visitor: Visitor) -> None:
    page = visitor.get(address(world, first_sent(world, maya)))
    base = world.app.settings.public_url
    found = re.findall(rf'href="{re.escape(base)}(/[^"]+)"[^>]*>Unsubscribe</a>', page.text)
    assert len(found) == 1
    assert "Nothing changes until you press a button" in visitor.get(found[0]).text
    assert visitor.post(found[0], data={"leave": "topic"}).status_code == 200
    assert {row.state for row in world.messages(maya)} == {"sent", "cancelled"}
    # She still has the email, so she may still look at it.
    assert visitor.get(address(world, world.messages(maya)[0])).status_code == 200


def test_an_email_can_be_read_for_ninety_days(world: World, maya: str, visitor: Visitor) -> None:
    message = first_sent(world, maya)
    assert message.sent_at is not None
    for after, status in ((NINETY_DAYS - timedelta(seconds=1), 200), (NINETY_DAYS, 404)):
        set_clock(world, message.sent_at + after)
        assert visitor.get(address(world, message)).status_code == status


@ONE_IS_ENOUGH
@pytest.mark.parametrize("state", ["transmitting", "unknown"])
def test_what_may_have_arrived_can_be_read_before_anybody_knows(
    world: World, maya: str, visitor: Visitor, state: str
) -> None:
    message = first_sent(world, maya)
    with world.app.transaction() as db:
        row = db.get_one(Message, message.id)
        row.state, row.sent_at = state, None
    assert visitor.get(address(world, message)).status_code == 200


def test_every_other_link_gets_one_kind_answer_that_reveals_nothing(
    world: World, maya: str, visitor: Visitor
) -> None:
    message = first_sent(world, maya)
    good = address(world, message)
    answers = [visitor.send("GET", f"/v/{text}") for text in wrong_tokens(world, message)]
    assert visitor.get(good).status_code == 200
    set_clock(world, MONDAY_14 + 2 * NINETY_DAYS)
    answers.append(visitor.get(good))
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="[^"]+"', "", answer.text) for answer in answers}) == 1
    page = answers[0]
    assert "This email cannot be shown here" in page.text
    assert "for 90 days after it was sent" in page.text
    assert "Willow" not in page.text
    assert (page.headers["cache-control"], page.headers["x-robots-tag"]) == ("no-store", "noindex")


def wrong_tokens(world: World, message: Message) -> list[str]:
    """Links that are cut short, forged, renewed, for something else, or to an email that did not leave."""
    token = address(world, message).removeprefix("/v/")
    planned = next(row for row in world.messages(message.client_id) if row.state == "planned")
    ravi = world.add_client("ravi@example.com")
    keys, raw = world.app.token_keys, bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    flipped = []
    for byte in range(0, len(raw), 6):
        raw[byte] ^= 1
        flipped.append(base64.urlsafe_b64encode(raw).decode().rstrip("="))
        raw[byte] ^= 1
    return [
        *("x", "%00", "A" * 5000, token[:-1], token + "=", token + "A", *flipped),
        sign(keys, Purpose.VIEW, message.client_id, planned.id, 0),
        sign(keys, Purpose.VIEW, message.client_id, "msg_" + "a" * 24, 0),
        sign(keys, Purpose.VIEW, message.client_id, "aftercare", 0),
        sign(keys, Purpose.VIEW, message.client_id, message.id, 1),
        sign(keys, Purpose.VIEW, ravi, message.id, 0),
        sign(keys, Purpose.VIEW, "cli_" + "a" * 24, message.id, 0),
        sign(keys, Purpose.UNSUBSCRIBE, message.client_id, message.id, 0),
        sign(keys, Purpose.UNSUBSCRIBE, message.client_id, message.topic, 0),
    ]


@ONE_IS_ENOUGH
def test_in_spanish_too(world: World, maya: str, visitor: Visitor) -> None:
    with world.app.transaction() as db:
        db.get_one(Client, maya).language = "es"
    page = visitor.get(address(world, first_sent(world, maya)))
    assert 'lang="es"' in page.text
    assert ">Ver en el navegador</a>" in page.text
    gone = visitor.get("/v/x", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert "Este correo no se puede mostrar aquí" in gone.text
    assert "durante 90 días" in gone.text
