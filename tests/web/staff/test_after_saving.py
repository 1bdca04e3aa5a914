"""What the page says and does once a session is saved: the toast, the question of consent, the minute."""

from aftercare.models import CareSession
from aftercare.store import sessions as session_rows
from tests.factories import World
from tests.web.staff.colleague import Colleague
from tests.web.staff.forms import form_to


def form_of(owner: Colleague, client_id: str, outcome: str = "ordinary") -> dict[str, list[str]]:
    """The form of the page as the browser would send it."""
    return form_to(owner.get(f"/sessions/new?client={client_id}").text, "/sessions") | {"outcome": [outcome]}


def sessions_of(world: World, client_id: str) -> list[CareSession]:
    with world.app.reading() as db:
        return session_rows.of_client(db, client_id)


def test_the_kind_of_visit_is_kept(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    form = form_of(owner, maya)
    assert form["service"] == [""]
    owner.post("/sessions", form | {"service": [" massage "]})
    assert [one.service for one in sessions_of(world, maya)] == ["massage"]
