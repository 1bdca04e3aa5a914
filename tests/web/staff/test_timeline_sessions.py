"""What can be done with a session on its client's page, and the moment before its emails are planned."""

import re

import pytest

from tests.factories import World
from tests.web.staff.colleague import Colleague

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""


def states(world: World, client_id: str) -> list[str]:
    """The states of her emails, in the order of their dates."""
    return [message.state for message in world.messages(client_id)]


def test_a_session_is_corrected_or_cancelled_from_the_page(owner: Colleague, world: World, maya: str) -> None:
    here = f"/clients/{maya}"
    session_id = world.session_of(maya)
    form = {"ended_at": "2026-11-23T11:00", "outcome": "ordinary"}
    assert owner.post(f"{here}/sessions/{session_id}", form).headers["location"] == here
    assert f"{world.messages(maya)[0].planned_for:%H:%M}" == "14:00"
    owner.post(f"{here}/sessions/{session_id}", form | {"outcome": "strong_feelings"})
    world.app.drain()
    page = owner.get(here).text
    assert "The gentler emails after strong feelings are running" in page
    owner.post(f"/sessions/{session_id}/cancel", {"client_id": maya})
    assert "planned" not in states(world, maya)
    assert "Cancelled" in owner.get(here).text


@ONE_IS_ENOUGH
def test_a_correction_that_cannot_be_is_said_beside_its_field(
    owner: Colleague, world: World, maya: str
) -> None:
    session_id = world.session_of(maya)
    form = {"ended_at": "2026-11-23T11:00", "outcome": "no_aftercare"}
    for wrong, field in (({"ended_at": "2026-11-31T11:00"}, "at"), ({"outcome": "odd"}, "how")):
        answer = owner.post(f"/clients/{maya}/sessions/{session_id}", form | wrong)
        assert answer.status_code == 422, wrong
        assert f'id="{field}-{session_id}-error"' in answer.text, wrong
        assert "<details open><summary>Correct or cancel" in answer.text, wrong
        assert answer.text.count("data-focus") == 1, wrong
    assert 'value="2026-11-23T11:00"' in answer.text
    again = owner.post(f"/clients/{maya}/sessions/{session_id}", form | {"ended_at": "x"}).text
    assert '<option value="no_aftercare" selected>' in again
    assert states(world, maya) == ["planned"] * 5


def test_right_after_saving_the_page_waits_for_the_plan_by_itself(world: World, owner: Colleague) -> None:
    maya = world.add_client()
    world.log_session(maya, world.app.clock.now())
    page = owner.get(f"/clients/{maya}").text
    assert "The emails are being planned." in page
    assert "Nothing is planned" not in page
    [asked] = re.findall(r'hx-get="([^"]+/planned)"', page)
    assert owner.get(asked).status_code == 204
    world.app.drain()
    page = owner.get(asked).text
    assert "being planned" not in page
    assert "data-poll" not in page
    assert len(re.findall('<li class="moment email', page)) == 5
    assert '<main id="main"' in page
