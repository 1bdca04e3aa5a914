"""The endpoint checklist of RFC 8058, and the page for people."""

from typing import Any

import pytest

from aftercare.store import consents
from tests.factories import World
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
