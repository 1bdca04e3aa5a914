"""When something has happened, on the pages: everything stops, at once, and only staff take it back."""

import pytest

from aftercare.domain.states import MessageState
from tests.factories import World
from tests.web.staff.colleague import Colleague


def _open(world: World, client: str) -> set[str]:
    return {row.state for row in world.messages(client) if row.state != MessageState.CANCELLED}


def test_one_button_stops_everything_and_one_takes_it_back(owner: Colleague, world: World, maya: str) -> None:
    page = owner.get(f"/clients/{maya}").text
    assert "Stop everything now" in page
    owner.post(f"/clients/{maya}/stop-everything")
    page = owner.get(f"/clients/{maya}").text
    assert "Everything is stopped" in page
    assert "Stop everything now" not in page
    assert _open(world, maya) == set()
    assert "Everything stopped" in owner.get("/clients").text
    owner.post(f"/clients/{maya}/restore")
    assert _open(world, maya) == {MessageState.PLANNED}
    assert "The stop of everything taken back" in owner.get(f"/clients/{maya}").text


@pytest.mark.parametrize(
    ("what", "mark", "said"),
    [
        ("died", "Died", "This client has died"),
        ("moved_away", "Moved away", "This client has moved away"),
        ("complaint_open", "On hold", "A complaint is open"),
    ],
)
def test_what_has_happened_is_marked_wherever_the_client_is(
    owner: Colleague, world: World, maya: str, what: str, mark: str, said: str
) -> None:
    assert owner.post(f"/clients/{maya}/life", {"what": what}).status_code == 303
    assert said in owner.get(f"/clients/{maya}").text
    assert mark in owner.get("/clients").text
    assert MessageState.PLANNED not in _open(world, maya)


def test_nothing_is_recorded_where_nothing_is_chosen(owner: Colleague, world: World, maya: str) -> None:
    assert "What has happened?" in owner.get(f"/clients/{maya}/life").text
    assert owner.post(f"/clients/{maya}/life").status_code == 422
    assert owner.post(f"/clients/{maya}/stop-everything", {"reason": "bored"}).status_code == 422
    assert _open(world, maya) == {MessageState.PLANNED}


def test_a_session_goes_to_whom_it_belongs(owner: Colleague, world: World, maya: str) -> None:
    zoe = world.add_client("zoe@example.com", first_name="Zoe")
    session = world.session_of(maya)
    page = owner.get(f"/sessions/{session}/whose").text
    assert "Zoe" in page
    assert "Zoe" in owner.post(f"/sessions/{session}/whose/search", {"words": "zo"}).text
    assert "Nobody of that name" in owner.post(f"/sessions/{session}/whose/search", {"words": "xy"}).text
    for _ in range(2):
        assert owner.post(f"/sessions/{session}/whose", {"client_id": zoe}).status_code == 303
    world.app.drain()
    assert _open(world, maya) == set()
    assert _open(world, zoe) == {MessageState.PLANNED}
