"""Logging a session on the page: the plan before saving, the guards, a minute to undo."""

import html
import re
from datetime import timedelta

import pytest

from aftercare.flows import clients, sequences
from aftercare.store import sessions as session_rows
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague


def form_of(owner: Colleague, client_id: str, outcome: str = "ordinary", **more: str) -> dict[str, str]:
    """The form of the page as the browser would send it."""
    page = owner.get(f"/sessions/new?client={client_id}").text
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in ("form_id", "ended_at")}
    values = {name: html.unescape(match[1]) for name, match in found.items() if match}
    return {"client_id": client_id, "outcome": outcome, **values, **more}


def logged(world: World, client_id: str) -> int:
    with world.app.reading() as db:
        return sum(one.cancelled_at is None for one in session_rows.of_client(db, client_id))


def test_the_plan_is_shown_with_real_dates_before_anything_is_saved(owner: Colleague, world: World) -> None:
    leo = world.add_client("leo@example.com", timezone="America/New_York", first_name="Leo")
    plan = owner.post("/sessions/preview", form_of(owner, leo), headers={"HX-Request": "true"}).text
    assert re.findall(r'class="date">([^<]+)<', plan)[:2] == ["today, 12:00", "tomorrow, 18:00"]
    assert "Times are <bdi>Leo</bdi>'s own, in New York" in plan
    assert plan.count("/pictures/email/") == 5
    assert logged(world, leo) == 0


def test_saving_plans_exactly_what_was_shown(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    form = form_of(owner, maya)
    shown = owner.post("/sessions/preview", form, headers={"HX-Request": "true"}).text
    saved = owner.post("/sessions", form)
    assert saved.headers["location"] == f"/clients/{maya}"
    world.app.drain()
    assert shown.count('class="date"') == len(world.messages(maya)) == 5


def test_pressing_save_twice_logs_one_session(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    form = form_of(owner, maya)
    assert [owner.post("/sessions", form).status_code for _ in range(2)] == [303, 303]
    assert logged(world, maya) == 1


def test_a_running_sequence_that_gives_way_is_named_with_what_will_not_come(
    owner: Colleague, maya: str
) -> None:
    plan = owner.post("/sessions/preview", form_of(owner, maya, "strong_feelings")).text
    assert "is still running. It gives way to this one: 5 emails of it will no longer come" in plan


def test_without_consent_nothing_is_promised_and_asking_is_offered(owner: Colleague, world: World) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    plan = owner.post("/sessions/preview", form_of(owner, zoe)).text
    assert "Save without emails" in plan
    assert "Save and ask for consent" in plan
    owner.post("/sessions", form_of(owner, zoe))
    world.app.drain()
    assert logged(world, zoe) == 1
    assert world.messages(zoe) == []


def test_saving_and_asking_sends_one_account_email(owner: Colleague, world: World) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    owner.post("/sessions", form_of(owner, zoe, ask="true"))
    world.app.drain()
    assert [message.purpose for message in world.messages(zoe)] == ["account"]


def test_undo_within_a_minute_brings_back_what_gave_way(owner: Colleague, world: World, maya: str) -> None:
    before = [message.step_key for message in world.messages(maya) if message.state == "planned"]
    owner.post("/sessions", form_of(owner, maya, "strong_feelings"))
    world.app.drain()
    with world.app.reading() as db:
        found = [one.id for one in session_rows.of_client(db, maya) if one.outcome == "strong_feelings"]
    assert owner.post(f"/sessions/{found[0]}/undo").status_code == 303
    world.app.drain()
    assert [one.step_key for one in world.messages(maya) if one.state == "planned"] == before


def test_after_the_minute_undo_says_where_to_cancel(owner: Colleague, world: World, maya: str) -> None:
    with world.app.reading() as db:
        session_id = session_rows.of_client(db, maya)[-1].id
    world.app.clock.advance(timedelta(seconds=61))
    answer = owner.post(f"/sessions/{session_id}/undo")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/clients/{maya}")
    assert "You can still cancel the session below." in owner.get(f"/clients/{maya}").text
    assert logged(world, maya) == 1


@pytest.mark.parametrize("ended_at", ["", "soon", "2026-03-29T01:30", "0001-01-01T00:00"])
def test_a_time_that_cannot_be_used_is_said_and_nothing_is_lost(
    owner: Colleague, world: World, ended_at: str
) -> None:
    maya = world.add_client()
    answer = owner.post("/sessions", form_of(owner, maya) | {"ended_at": ended_at, "service": "deep"})
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text
        assert 'value="ordinary" checked' in answer.text
        assert ("choose the day and the time of day" in answer.text) is (ended_at == "")
        assert logged(world, maya) == 0


def test_somebody_on_hold_is_planned_for_and_waits(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    with world.app.transaction() as db:
        now = world.app.clock.now()
        clients.hold(db, world.clinic_id, maya, reason="talk first", by="test", now=now)
    assert "on hold" in owner.post("/sessions/preview", form_of(owner, maya)).text


def test_a_paused_sequence_is_said_to_wait(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    with world.app.transaction() as db:
        sequences.pause(db, world.clinic_id, "after-your-visit", by="test", now=world.app.clock.now())
    assert "Waits: this sequence is paused" in owner.post("/sessions/preview", form_of(owner, maya)).text


def test_names_are_text_and_never_markup(owner: Colleague, world: World) -> None:
    odd = world.add_client("odd@example.com", first_name="<b>{{7*7}}</b> 🌿")
    for page in (owner.get("/sessions/new"), owner.get(f"/sessions/new?client={odd}")):
        assert "&lt;b&gt;{{7*7}}&lt;/b&gt; 🌿" in page.text


def test_clients_are_found_by_a_part_of_the_name_but_not_by_wildcards(owner: Colleague, world: World) -> None:
    world.add_client()
    world.add_client("leo@example.com", first_name="Leo")
    found = {
        words: owner.post("/sessions/clients", {"words": words}).text for words in ("EO", "ma", "%", "_")
    }
    assert "Leo" in found["EO"]
    assert "Maya" not in found["EO"]
    assert "Maya" in found["ma"]
    assert all("0 clients found" in found[words] for words in ("%", "_"))


def test_a_viewer_may_not_log(world: World, maya: str) -> None:
    viewer = colleague(world, "viewer")
    for path in ("/sessions/new", f"/sessions/new?client={maya}"):
        assert viewer.get(path).status_code == 403
    assert viewer.post("/sessions", {"client_id": maya}).status_code == 403
