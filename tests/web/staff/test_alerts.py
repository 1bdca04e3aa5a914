"""Who would like a call: on Today, on top of every page, and on a page of its own."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.flows import checkins, consent, life_events, rendering
from aftercare.flows.clients import correct
from aftercare.models import CareSession
from aftercare.store import alerts, clients, consents
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import send

NOTE = "Ring after four, please."


def say(world: World, client_id: str, answer: str, note: str = "") -> str:
    """She answers; the id of her answer."""
    message = next(row.id for row in world.messages(client_id) if row.step_key == "how-are-things")
    now = world.app.clock.now()
    with world.app.transaction() as db:
        return checkins.answer(db, client_id, message, answer, note, now=now).response.id


@pytest.fixture
def alert(world: World, maya: str) -> str:
    """The id of the alert of Maya, who would like a call."""
    say(world, maya, "call", NOTE)
    with world.app.reading() as db:
        found = alerts.open_of(db, maya)
    assert found is not None
    return found.id


def test_every_page_says_that_somebody_waits_until_it_is_taken_on(
    world: World, maya: str, owner: Colleague, alert: str
) -> None:
    for path in ("/today", "/clients", "/calendar", "/settings"):
        assert "Somebody waits" in owner.get(path).text, path
    page = owner.get("/alerts").text
    assert all(said in page for said in ("Maya", "would like a call", NOTE, "Sam is told first"))
    assert "Would like a call" in owner.get(f"/clients/{maya}").text
    assert owner.post(f"/alerts/{alert}/acknowledge").headers["location"] == "/alerts"
    assert "Somebody waits" not in owner.get("/clients").text


def test_the_way_from_taken_on_to_released_and_how_long_each_took(
    world: World, maya: str, owner: Colleague, alert: str
) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(minutes=12))
    owner.post(f"/alerts/{alert}/acknowledge")
    pass_time(world.app, MONDAY_14 + timedelta(minutes=40))
    owner.post(f"/alerts/{alert}/spoken")
    page = owner.get("/alerts").text
    assert "took it on after 12 minutes" in page
    assert "I will ring" not in page
    assert "I have spoken with them" not in page
    owner.post(f"/alerts/{alert}/release")
    page = owner.get("/alerts").text
    assert "Nobody waits for a call" in page
    assert "after 40 minutes" in page
    assert world.client(maya).held_at is None
    story = owner.get(f"/clients/{maya}").text
    assert all(said in story for said in ("Taken on: will ring", "Spoken with them", "Extra support ended"))


def test_contacts_that_no_email_could_bring_are_named_and_sent_by_a_button_and_a_stop_after_them_too(
    world: World, maya: str, owner: Colleague
) -> None:
    with world.app.transaction() as db:
        consents.suppress(db, clients.lock(db, maya), reason="bounced", by="engine", now=MONDAY_14)
    say(world, maya, "call")
    page = owner.get("/alerts").text
    assert "The email with the contacts did not go to them: their address takes no emails." in page
    assert "Send the contacts" not in page
    with world.app.transaction() as db:
        correct(db, world.clinic_id, maya, email="new@example.com", by="sam", now=MONDAY_14)
    assert "Send the contacts" in owner.get("/alerts").text
    with world.app.reading() as db:
        found = alerts.open_of(db, maya)
    assert found is not None
    owner.post(f"/alerts/{found.id}/contacts")
    world.app.drain()
    assert [row.step_key for row in world.messages(maya) if row.sent_at] == ["contacts-you-asked-for"]
    assert "did not go to them" not in owner.get("/alerts").text
    with world.app.transaction() as db:
        consent.opt_out(db, maya, "*", source="page", now=world.app.clock.now())
    assert "no email follows the call" in owner.get("/alerts").text


def test_who_only_looks_sees_that_somebody_waits_but_not_her_words(
    world: World, maya: str, alert: str
) -> None:
    viewer = colleague(world, "viewer")
    for path in ("/alerts", "/today", f"/clients/{maya}"):
        page = viewer.get(path).text
        assert "would like a call" in page.casefold()
        assert NOTE not in page
    assert "I will ring" not in viewer.get("/alerts").text


def test_a_bit_wobbly_is_a_line_on_today_until_somebody_has_noted_it(
    world: World, maya: str, owner: Colleague
) -> None:
    answer = say(world, maya, "wobbly", NOTE)
    page = owner.get("/today").text
    assert "Not urgent" in page
    assert NOTE in page
    assert "Somebody waits" not in page
    assert "Sam was with them" in page
    with world.app.transaction() as db:
        db.scalars(
            select(CareSession).where(CareSession.client_id == maya)
        ).one().therapist_id = owner.staff_id
    assert "You were with them" in owner.get("/today").text
    owner.post(f"/checkins/{answer}/seen")
    assert "Not urgent" not in owner.get("/today").text
    assert "“A bit wobbly”" in owner.get(f"/clients/{maya}").text


def test_the_answer_of_whom_she_saw_herself_stands_first_on_her_today(
    world: World, maya: str, owner: Colleague
) -> None:
    ana = world.add_client("ana@example.com", first_name="Ana")
    world.log_session(ana, MONDAY_14)
    world.app.drain()
    say(world, maya, "wobbly")
    pass_time(world.app, world.app.clock.now() + timedelta(minutes=1))
    say(world, ana, "wobbly")
    assert _first(owner.get("/today").text, "Maya", "Ana") == "Maya"
    with world.app.transaction() as db:
        db.scalars(
            select(CareSession).where(CareSession.client_id == ana)
        ).one().therapist_id = owner.staff_id
    assert _first(owner.get("/today").text, "Maya", "Ana") == "Ana"


def _first(page: str, *names: str) -> str:
    """Whose answer stands first."""
    return min(names, key=lambda name: page.index(f"{name}</a> answered"))


def test_a_colleague_starts_extra_support_and_nobody_else_is_told(
    world: World, maya: str, owner: Colleague
) -> None:
    assert "Start extra support" in owner.get(f"/clients/{maya}").text
    owner.post(f"/clients/{maya}/support")
    world.app.drain()
    assert world.client(maya).held_reason == "support_path"
    [sent] = [row for row in world.messages(maya) if row.sent_at]
    assert sent.step_key == "contacts-for-you"
    with world.app.reading() as db:
        said = rendering.frozen_bytes(db, world.app, sent)
    assert b"would like you to have these contacts" in said.replace(b"=\r\n", b"")
    assert b"asked" not in said
    for place in (f"/inbox/{sent.id}", f"/clients/{maya}/emails/{sent.id}/proof"):
        assert "a colleague sent these contacts to help" in owner.get(place).text
    page = owner.get(f"/clients/{maya}").text
    assert "Gets extra support" in page
    assert "Somebody waits" not in page
    assert "Start extra support" not in page


def test_the_times_and_the_people_are_set_on_one_page(world: World, owner: Colleague) -> None:
    noor = colleague(world, "therapist").staff_id
    said = send(owner, "/settings", "/settings/hours", mon="8:30-12:00, 13:00-16:30", closed="2026-12-25")
    assert "Saved" in said
    page = owner.get("/settings").text
    assert 'value="08:30-12:00, 13:00-16:30"' in page
    assert "2026-12-25</textarea>" in page
    assert "Saved" in send(owner, "/settings", "/settings/contacts", second_id=noor)
    assert "and Robin where nobody has taken it on" in owner.get("/alerts").text


@pytest.mark.parametrize(
    ("form", "fields", "said"),
    [
        ("/settings/hours", {"mon": "nine to five"}, "Monday: "),
        ("/settings/hours", dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ""), "at least one day"),
        ("/settings/hours", {"closed": "Christmas"}, "Closed on: "),
        ("/settings/contacts", {"duty_id": "sta_nobody"}, "Duty contact: "),
    ],
)
def test_what_cannot_be_is_shown_again_with_the_reason(
    owner: Colleague, form: str, fields: dict[str, str], said: str
) -> None:
    page = send(owner, "/settings", form, **fields)
    assert said in page
    assert 'role="alert"' in page


def test_the_two_contacts_are_two_people(world: World, owner: Colleague) -> None:
    page = send(owner, "/settings", "/settings/contacts", second_id=world.therapist_id)
    assert "Second contact: name somebody else" in page


def test_a_viewer_cannot_be_named(world: World, owner: Colleague) -> None:
    viewer = colleague(world, "viewer").staff_id
    assert "Duty contact: " in send(owner, "/settings", "/settings/contacts", duty_id=viewer)


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ([("fine", NOTE)], "answered “Doing fine”"),
        ([("wobbly", ""), ("fine", "")], "answered “Doing fine”, and before that “A bit wobbly”"),
        ([("call", ""), ("wobbly", "")], "answered “A bit wobbly”, and before that “Please call me”"),
        ([("fine", "")], None),
    ],
)
def test_words_and_what_was_taken_back_before_anybody_read_it_reach_somebody(
    world: World, maya: str, owner: Colleague, answers: list[tuple[str, str]], shown: str | None
) -> None:
    for answer, note in answers:
        said = say(world, maya, answer, note)
    page = owner.get("/today").text
    assert ("Not urgent" in page) is (shown is not None)
    assert shown is None or shown in re.sub("<[^>]*>", "", page)
    owner.post(f"/checkins/{said}/seen")
    assert "Not urgent" not in owner.get("/today").text


@pytest.mark.parametrize("complaint_first", [True, False])
def test_a_complaint_beside_a_call_still_holds_when_the_call_is_over(
    world: World, maya: str, owner: Colleague, complaint_first: bool
) -> None:
    if complaint_first:
        owner.post(f"/clients/{maya}/life", {"what": "complaint_open"})
    say(world, maya, "call")
    if not complaint_first:
        owner.post(f"/clients/{maya}/life", {"what": "complaint_open"})
    with world.app.reading() as db:
        found = alerts.open_of(db, maya)
    assert found is not None
    owner.post(f"/alerts/{found.id}/release")
    assert "Their emails still wait" in owner.get("/alerts").text
    assert world.client(maya).held_reason not in (None, "support_path")
    assert "Nobody waits for a call" in owner.get("/alerts").text


def test_whoever_releases_a_complaint_is_told_of_the_wish_that_came_meanwhile(
    world: World, maya: str, owner: Colleague
) -> None:
    send(owner, f"/clients/{maya}/hold", f"/clients/{maya}/hold", reason="complaint_open")
    say(world, maya, "call", NOTE)
    owner.post(f"/clients/{maya}/release")
    assert "Their emails still wait, because they would like a call." in owner.get(f"/clients/{maya}").text
    assert NOTE in owner.get("/alerts").text


def test_a_death_that_was_a_mistake_leaves_the_wish_for_a_call_open(
    world: World, maya: str, alert: str
) -> None:
    now = world.app.clock.now()
    with world.app.transaction() as db:
        life_events.stop_everything(db, world.clinic_id, maya, "died", by="sam", now=now)
        assert alerts.open_of(db, maya) is None
        life_events.take_stop_back(db, world.clinic_id, maya, by="sam", now=now)
        found = alerts.open_of(db, maya)
    assert found is not None
    assert (found.id, found.acknowledged_at) == (alert, None)


def test_who_is_stopped_is_marked_beside_the_wish(
    world: World, maya: str, owner: Colleague, alert: str
) -> None:
    assert "All emails stopped" not in owner.get("/alerts").text
    now = world.app.clock.now()
    with world.app.transaction() as db:
        life_events.stop_everything(db, world.clinic_id, maya, "moved_away", by="sam", now=now)
    assert "All emails stopped" in owner.get("/alerts").text
