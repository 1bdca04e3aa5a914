"""Correcting a client's particulars, and what follows them."""

from datetime import timedelta

import pytest

from aftercare.store import audit, consents
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import form_to

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
NEW = {"email": "May@Example.com", "first_name": "May 🌿", "timezone": "", "country": "", "language": "en"}


def test_what_was_not_sent_yet_goes_to_the_new_address_by_the_new_name(world: World, maya: str) -> None:
    pass_time(world.app, world.app.clock.now() + timedelta(hours=6))
    owner = colleague(world)
    assert f'href="/clients/{maya}/edit"' in owner.get(f"/clients/{maya}").text
    answer = owner.post(f"/clients/{maya}/edit", NEW | {"timezone": "new york", "country": "Spain"})
    assert answer.headers["location"] == f"/clients/{maya}"
    client = world.client(maya)
    assert (client.email, client.email_key) == ("May@example.com", "may@example.com")
    assert (client.first_name, client.timezone, client.country) == ("May 🌿", "America/New_York", "ES")
    pass_time(world.app, world.app.clock.now() + timedelta(hours=30))
    rows = [row for row in world.messages(maya) if row.sent_at]
    sent_to = [(row.fields or {}).get("to_address") for row in rows]
    assert sent_to == ["maya@example.com", "May@example.com"]
    assert "Details corrected" in colleague(world).get(f"/clients/{maya}").text


def test_what_she_agreed_to_stays_and_the_trail_names_fields_without_values(
    owner: Colleague, world: World, maya: str
) -> None:
    for _ in range(2):
        owner.post(f"/clients/{maya}/edit", NEW)
    with world.app.reading() as db:
        assert consents.current(db, maya)["aftercare"].given
        trail = [row for row in audit.of_subject(db, world.clinic_id, maya) if "corrected" in row.action]
    assert [entry.detail for entry in trail] == [{"fields": ["country", "email", "first_name"]}]
    assert world.client(maya).timezone is None


def test_an_address_that_takes_no_emails_does_not_begin_to(owner: Colleague, world: World, maya: str) -> None:
    zoe = world.add_client("zoe@example.com")
    with world.app.transaction() as db:
        now = world.app.clock.now()
        consents.suppress(db, world.client(zoe), reason="hard_bounce", by="engine", now=now)
    owner.post(f"/clients/{zoe}/edit", NEW | {"email": "zoe@new.example.com"})
    owner.post(f"/clients/{maya}/edit", NEW | {"email": "zoe@example.com"})
    told = "This address does not take emails"
    assert [told in owner.get(f"/clients/{one}").text for one in (zoe, maya)] == [False, True]


@ONE_IS_ENOUGH
def test_errors_stand_beside_their_field_and_nothing_is_changed(
    owner: Colleague, world: World, maya: str
) -> None:
    world.add_client("zoe@example.com")
    before = form_to(owner.get(f"/clients/{maya}/edit").text, f"/clients/{maya}/edit")
    for field, wrong in (
        ("email", "nora@"),
        ("email", "ZOE@example.com"),
        ("first_name", "N" * 101),
        ("timezone", "Atlantis"),
        ("country", "Atlantis"),
    ):
        answer = owner.post(f"/clients/{maya}/edit", NEW | {field: wrong})
        assert answer.status_code == 422, wrong
        assert f'id="{field}-error"' in answer.text, wrong
        assert f'value="{wrong}"' in answer.text, wrong
    assert form_to(owner.get(f"/clients/{maya}/edit").text, f"/clients/{maya}/edit") == before


@ONE_IS_ENOUGH
def test_a_viewer_finds_no_way_to_it(world: World, maya: str) -> None:
    viewer = colleague(world, "viewer")
    assert "/edit" not in viewer.get(f"/clients/{maya}").text
    assert viewer.get(f"/clients/{maya}/edit").status_code == 403
