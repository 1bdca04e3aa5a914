"""The one email that needs no consent, because it asks for it."""

from aftercare.flows import consent_request
from tests.factories import World
from tests.web.staff.colleague import Colleague


def test_the_copy_of_a_request_says_that_it_only_asks(world: World, owner: Colleague) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    with world.app.transaction() as db:
        request = consent_request.ask(db, world.clinic_id, zoe, by="test", now=world.app.clock.now())
    world.app.sweep()
    page = owner.get(f"/inbox/{request.id}").text
    assert "Not needed: this email only asks" in page
    assert "the client asked for this email" not in page
