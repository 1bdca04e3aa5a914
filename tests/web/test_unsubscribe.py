"""The endpoint checklist of RFC 8058, and the page for people."""

import base64
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aftercare.mail.tokens import Purpose, sign
from aftercare.models import Client
from aftercare.store import consents
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.visitor import Visitor, link

MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    "multipart/form-data; boundary=x",
)
BODIES: dict[str, dict[str, Any]] = {
    "urlencoded": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"content": MULTIPART[0], "headers": {"Content-Type": MULTIPART[1]}},
    "empty": {},
    "broken multipart": {"content": b"oops", "headers": {"Content-Type": MULTIPART[1]}},
    "another form": {"data": {"leave": "nonsense"}},
    "json": {"json": {"List-Unsubscribe": "One-Click"}},
}


def given(world: World, client_id: str) -> set[str]:
    """The topics that she consents to now."""
    with world.app.reading() as db:
        return {topic for topic, record in consents.current(db, client_id).items() if record.given}


def states(world: World, client_id: str) -> list[tuple[str, str, str | None]]:
    """What stands planned for her."""
    return [(row.step_key, row.state, row.reason) for row in world.messages(client_id)]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_one_click_acts_at_once_and_answers_200_with_nothing(
    world: World, maya: str, visitor: Visitor, body: dict[str, Any]
) -> None:
    for _ in range(2):
        answer = visitor.post(link(world, maya), **body)
        assert (answer.status_code, answer.content) == (200, b"")
        assert not {"location", "set-cookie"} & set(answer.headers)
        assert given(world, maya) == {"newsletter"}
        assert {state for _, state, _ in states(world, maya)} == {"cancelled"}
    with world.app.reading() as db:
        sources = [row.source for row in consents.history(db, maya) if not row.given]
    assert sources == ["one_click"]


def undo_path(page: httpx.Response) -> str:
    """Where the undo button of a page leads."""
    found = re.search(r'action="(/u/[^"]+/undo)"', page.text)
    assert found, page.text
    return found[1]


def calendar(world: World, client_id: str) -> list[tuple[Any, ...]]:
    """All that stands planned for her, down to the cards."""
    rows = [row for row in world.messages(client_id) if row.state != "cancelled"]
    return [
        (row.step_key, row.state, row.planned_for, row.max_late, sorted(row.cards.items())) for row in rows
    ]


def test_looking_changes_nothing_and_shows_nobody_the_address(
    world: World, maya: str, visitor: Visitor
) -> None:
    before = table_hash(world.app.engine)
    page = visitor.get(link(world, maya))
    for method in ("HEAD", "OPTIONS"):
        assert visitor.send(method, link(world, maya)).status_code == 200
    assert table_hash(world.app.engine) == before
    assert "m•••@example.com" in page.text
    assert "maya@example.com" not in page.text
    assert "Stop all emails from Willow Lane Clinic" in page.text
    assert not re.search(r"<script|https?://|@import|url\(| style=| on\w+=", page.text)


def test_every_answer_is_private_and_lets_nothing_else_in(world: World, maya: str, visitor: Visitor) -> None:
    path = link(world, maya)
    leave = {"data": {"leave": "topic"}}
    for method, what in (("GET", {}), ("HEAD", {}), ("OPTIONS", {}), ("POST", {}), ("POST", leave)):
        headers = visitor.send(method, path, **what).headers
        policy = headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
        assert policy.startswith("default-src 'none'; ")
        assert policy.endswith("form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
        assert "unsafe" not in policy


def test_the_nonce_is_the_one_of_the_style_and_new_each_time(
    world: World, maya: str, visitor: Visitor
) -> None:
    seen = set()
    for _ in range(3):
        page = visitor.get(link(world, maya))
        [nonce] = re.findall(r"style-src 'nonce-([\w-]+)'", page.headers["content-security-policy"])
        assert page.text.count("<style") == page.text.count(f'<style nonce="{nonce}">') == 1
        seen.add(nonce)
    assert len(seen) == 3


def test_every_wrong_link_gets_the_same_answer_and_changes_nothing(
    world: World, maya: str, visitor: Visitor
) -> None:
    token = link(world, maya).removeprefix("/u/")
    gone = sign(world.app.token_keys, Purpose.UNSUBSCRIBE, "cli_" + "a" * 24, "aftercare", 0)
    old = sign(world.app.token_keys, Purpose.UNSUBSCRIBE, maya, "aftercare", 1)
    others = [link(world, maya, purpose=purpose).removeprefix("/u/") for purpose in Purpose][1:]
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    flipped = []
    for byte in range(len(raw)):
        raw[byte] ^= 1
        flipped.append(base64.urlsafe_b64encode(raw).decode().rstrip("="))
        raw[byte] ^= 1
    wrong = ["x", token[:-1], token + "=", token + "A", gone, old, *others, *flipped[::6]]
    before = table_hash(world.app.engine)
    answers = [visitor.send(method, f"/u/{text}") for text in wrong for method in ("GET", "POST")]
    answers += [visitor.post(f"/u/{text}/undo") for text in (token, gone, old, "x")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="[^"]+"', "", answer.text) for answer in answers}) == 1
    assert table_hash(world.app.engine) == before


def test_new_links_after_a_change_of_epoch_leave_the_old_ones_dead(
    world: World, maya: str, visitor: Visitor
) -> None:
    old = link(world, maya)
    with world.app.transaction() as db:
        db.get_one(Client, maya).token_epoch += 1
    assert visitor.post(old).status_code == 404
    assert visitor.post(link(world, maya)).status_code == 200


@pytest.mark.parametrize(
    ("choice", "left"), [("topic", {"newsletter"}), ("everything", set())], ids=["topic", "everything"]
)
def test_the_button_stops_and_undo_restores_exactly_what_was(
    world: World, maya: str, visitor: Visitor, choice: str, left: set[str]
) -> None:
    before = calendar(world, maya)
    page = visitor.post(link(world, maya), data={"leave": choice})
    assert (page.status_code, given(world, maya), calendar(world, maya)) == (200, left, [])
    for _ in range(2):
        assert visitor.post(undo_path(page)).status_code == 200
        assert given(world, maya) == {"aftercare", "newsletter"}
        assert calendar(world, maya) == before
    with world.app.reading() as db:
        assert {row.source for row in consents.history(db, maya) if not row.given} == {"unsubscribe_page"}


def test_undo_brings_back_only_what_is_not_too_late(world: World, maya: str, visitor: Visitor) -> None:
    page = visitor.post(link(world, maya), data={"leave": "topic"})
    pass_time(world.app, MONDAY_14 + timedelta(days=4))
    visitor.post(undo_path(page))
    pass_time(world.app, MONDAY_14 + timedelta(days=14))
    fates = [(row.step_key, row.state) for row in world.messages(maya) if row.state != "cancelled"]
    assert fates == [
        ("evening-plan", "skipped"),
        ("two-minutes-with-a-pen", "skipped"),
        ("short-walk", "skipped"),
        ("quiet-minutes", "sent"),
        ("how-are-things", "sent"),
    ]


def test_the_page_of_somebody_who_left_says_so(world: World, maya: str, visitor: Visitor) -> None:
    visitor.post(link(world, maya))
    page = visitor.get(link(world, maya))
    assert "You are not getting the emails that follow a visit at the moment" in page.text
    assert "Stop these emails" not in page.text


def test_a_mail_programs_one_click_can_be_taken_back_on_the_links_page(
    world: World, maya: str, visitor: Visitor
) -> None:
    before = calendar(world, maya)
    assert "/undo" not in visitor.get(link(world, maya)).text
    visitor.post(link(world, maya), **BODIES["urlencoded"])
    assert calendar(world, maya) == []
    visitor.post(undo_path(visitor.get(link(world, maya))))
    assert (given(world, maya), calendar(world, maya)) == ({"aftercare", "newsletter"}, before)
    assert "/undo" not in visitor.get(link(world, maya)).text


def test_who_never_said_yes_is_offered_no_way_back(world: World, maya: str, visitor: Visitor) -> None:
    path = link(world, maya, topic="staying-in-touch")
    visitor.post(path)
    assert "/undo" not in visitor.get(path).text


def test_a_body_that_is_too_large_is_refused(world: World, maya: str, visitor: Visitor) -> None:
    answer = visitor.post(link(world, maya), data={"List-Unsubscribe": "x" * 1_000_001})
    assert (answer.status_code, given(world, maya)) == (413, {"aftercare", "newsletter"})
