"""The plan in words: by date, with what keeps it back, and why it is shorter than people expect."""

import re
from datetime import timedelta

import pytest

from aftercare.flows import clients, consent, consent_request, pausing
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Words in which no database has a say."""


def plan_of(owner: Colleague, client_id: str, outcome: str = "ordinary") -> str:
    """What the form for this client shows before it is saved."""
    page = owner.get(f"/sessions/new?client={client_id}").text
    found = re.search(r'name="ended_at" type="datetime-local" value="([^"]+)"', page)
    assert found
    form = {"client_id": client_id, "outcome": outcome, "ended_at": found[1]}
    return owner.post("/sessions/preview", form, headers={"HX-Request": "true"}).text


def test_a_hold_is_named_whatever_follows(owner: Colleague, world: World) -> None:
    maya = world.add_client(topics=())
    with world.app.transaction() as db:
        now = world.app.clock.now()
        clients.hold(db, world.clinic_id, maya, reason="other", by="test", now=now)
    for outcome in ("ordinary", "no_aftercare"):
        assert "This client is on hold." in plan_of(owner, maya, outcome)


def test_what_a_pause_swallows_is_left_out_and_nothing_is_promised(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    with world.app.transaction() as db:
        now = world.app.clock.now()
        until = (now + timedelta(days=60)).date()
        pausing.pause(db, world.clinic_id, maya, until, by="test", now=now)
    plan = plan_of(owner, maya)
    assert "No emails follow." in plan
    assert ">Save</button>" in plan
    assert plan.count("Left out: the client&#39;s emails were paused") == 5


def test_a_second_visit_soon_after_says_why_only_one_email_comes(world: World) -> None:
    maya = world.add_client()
    world.log_session(maya, world.app.clock.now())
    world.app.drain()
    pass_time(world.app, world.app.clock.now() + timedelta(days=20))
    plan = plan_of(colleague(world), maya)
    assert "<strong>1 email</strong>" in plan
    assert "The whole series was sent not long ago, so only one email comes again." in plan


def test_who_stopped_is_said_and_what_can_be_done(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    with world.app.transaction() as db:
        consent.opt_out(db, maya, "*", source="one_click", now=world.app.clock.now())
    plan = plan_of(owner, maya)
    assert "the client asked for these emails to stop" in plan
    assert f'href="/clients/{maya}/consent">record a new yes</a>' in plan
    page = owner.get(f"/clients/{maya}").text
    assert 'Stopped all emails <span class="muted">by the client</span>' in page
    assert "A new yes is needed first." in page


def test_a_no_to_the_question_is_no_stop(owner: Colleague, world: World) -> None:
    maya = world.add_client(topics=())
    with world.app.transaction() as db:
        consent_request.say_no(db, maya, now=world.app.clock.now())
    page = owner.get(f"/clients/{maya}").text
    assert "Said no to aftercare emails" in page
    assert "Stopped" not in page


def test_a_session_is_with_somebody_who_sees_clients(owner: Colleague, world: World) -> None:
    viewer = colleague(world, "viewer")
    page = owner.get(f"/sessions/new?client={world.add_client()}").text
    assert f'<option value="{viewer.staff_id}"' not in page
    assert f'<option value="{owner.staff_id}"' in page
