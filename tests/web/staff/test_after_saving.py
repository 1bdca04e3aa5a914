"""What the page says and does once a session is saved: the toast, the question of consent, the minute."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx import Response

from aftercare.flows import clients, consent_request
from aftercare.models import CareSession
from aftercare.store import sessions as session_rows
from aftercare.testing.inline import pass_time
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


def toast(owner: Colleague, answer: Response) -> str:
    """What the next page says first."""
    page = owner.get(answer.headers["location"]).text
    found = re.search(r"data-toast.*?<p>(.*?)</p>", page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def log_late(owner: Colleague, client_id: str) -> Response:
    """A visit of 10:30, logged at 14:00: its first email was due at 13:30."""
    return owner.post("/sessions", form_of(owner, client_id) | {"ended_at": ["2026-11-23T10:30"]})


def undo(owner: Colleague, world: World, client_id: str) -> Response:
    return owner.post(f"/sessions/{sessions_of(world, client_id)[-1].id}/undo")


def test_what_is_due_at_once_leaves_when_the_minute_to_undo_is_over(owner: Colleague, world: World) -> None:
    maya, now = world.add_client(), world.app.clock.now()
    said = toast(owner, log_late(owner, maya))
    assert said == "Saved. 5 emails are planned, the first in a minute."
    pass_time(world.app, now + timedelta(seconds=59))
    assert {row.state for row in world.messages(maya)} == {"planned"}
    pass_time(world.app, now + timedelta(seconds=60))
    first = world.messages(maya)[0]
    assert (first.state, first.sent_at) == ("sent", now + timedelta(seconds=60))
    assert first.planned_for == now - timedelta(minutes=30), "it is late, and counts as late"


def test_undone_in_the_minute_nothing_has_left(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    log_late(owner, maya)
    pass_time(world.app, world.app.clock.now() + timedelta(seconds=50))
    assert toast(owner, undo(owner, world, maya)) == "Taken back. What it had changed is as before."
    pass_time(world.app, world.app.clock.now() + timedelta(days=3))
    assert {row.state for row in world.messages(maya)} == {"cancelled"}


def test_an_email_that_left_all_the_same_is_named(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    log_late(owner, maya)
    pass_time(world.app, world.app.clock.now() + timedelta(seconds=60))
    subject = [row for row in owner.get("/inbox").text.split("<tr") if "/inbox/msg_" in row]
    said = toast(owner, undo(owner, world, maya))
    assert said.startswith("Taken back. 1 email had left already: “")
    assert len(subject) == 1
    assert said.partition("“")[2].removesuffix("”.") in html.unescape(subject[0])


def test_asking_on_the_occasion_of_a_session_waits_for_the_minute_too(owner: Colleague, world: World) -> None:
    zoe = world.add_client("zoe@example.com", topics=())
    answer = owner.post("/sessions", form_of(owner, zoe) | {"ask": ["true"]})
    assert toast(owner, answer).startswith("Saved. One email asks for consent, in a minute;")
    world.app.sweep()
    undo(owner, world, zoe)
    pass_time(world.app, world.app.clock.now() + timedelta(minutes=2))
    assert [row.state for row in world.messages(zoe)] == ["cancelled"]


def test_a_session_is_saved_also_where_nobody_can_be_asked(owner: Colleague, world: World) -> None:
    zoe = world.add_client("zoe@example.com", topics=())
    form = form_of(owner, zoe) | {"ask": ["true"]}
    with world.app.transaction() as db:
        consent_request.ask(db, world.clinic_id, zoe, by="test", now=world.app.clock.now())
    said = toast(owner, owner.post("/sessions", form))
    assert said == "Saved. No emails follow. Not asked: asked within the last 30 days."
    assert len(sessions_of(world, zoe)) == 1


def test_a_form_that_was_taken_back_can_be_sent_again(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    form = form_of(owner, maya)
    for standing in (1, 0, 1):
        if standing:
            owner.post("/sessions", form)
            assert "saved already" in toast(owner, owner.post("/sessions", form))
        else:
            undo(owner, world, maya)
        assert sum(one.cancelled_at is None for one in sessions_of(world, maya)) == standing


def held(world: World, client_id: str) -> None:
    with world.app.transaction() as db:
        now = world.app.clock.now()
        clients.hold(db, world.clinic_id, client_id, reason="talk first", by="test", now=now)


@pytest.mark.parametrize(
    ("zone", "before", "outcome", "said"),
    [
        ("Europe/London", None, "ordinary", "5 emails are planned, the first today, 17:00."),
        ("America/New_York", None, "ordinary", "5 emails are planned, the first today, 12:00 New York time."),
        ("Europe/London", held, "ordinary", "5 emails wait: this client is on hold."),
        ("Europe/London", None, "no_aftercare", "No emails follow."),
    ],
)
def test_the_toast_says_what_was_planned(
    owner: Colleague,
    world: World,
    zone: str,
    before: Callable[[World, str], None] | None,
    outcome: str,
    said: str,
) -> None:
    client = world.add_client(timezone=zone)
    if before:
        before(world, client)
    assert toast(owner, owner.post("/sessions", form_of(owner, client, outcome))) == f"Saved. {said}"


@pytest.mark.parametrize(
    ("ended_at", "said"),
    [("2026-11-24T15:00", "more than a day ahead"), ("2025-11-20T14:00", "more than a year ago")],
)
def test_a_slip_of_the_day_or_the_year_is_said_beside_the_field(
    owner: Colleague, world: World, ended_at: str, said: str
) -> None:
    maya = world.add_client()
    form = form_of(owner, maya) | {"ended_at": [ended_at]}
    assert said in owner.post("/sessions/preview", form).text
    answer = owner.post("/sessions", form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert sessions_of(world, maya) == []
    assert owner.post("/sessions", form | {"ended_at": ["2026-11-23T14:00"]}).status_code == 303
