"""A client's page: the column with the now line, and what can be done from it."""

import re
from datetime import timedelta

import pytest

from aftercare.flows import consent, journal
from aftercare.store import clients as rows
from aftercare.store import consents
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
YES = {"topics": "aftercare", "source": "on the phone", "given_on": "2026-11-23", "wording": "Yes, please."}


def halves(page: str) -> tuple[str, str]:
    """What stands above the now line, and what stands below it."""
    above, below = page.split('class="now-line"')
    return above.split('<h2 class="visually-hidden">To come</h2>')[1], below.split("<aside")[0]


def states(world: World, client_id: str) -> list[str]:
    """The states of her emails, in the order of their dates."""
    return [message.state for message in world.messages(client_id)]


def test_what_is_to_come_stands_above_the_now_line_and_what_was_sent_below(world: World, maya: str) -> None:
    pass_time(world.app, world.app.clock.now() + timedelta(days=1, hours=6))
    above, below = halves(colleague(world).get(f"/clients/{maya}").text)
    dates = re.findall(r'class="date">([^<]+)<', above)
    assert dates == ["Thu 3 Dec, 10:00", "Sun 29 Nov, 18:00", "Thu 26 Nov, 10:00"]
    assert "After your visit, 3 of 5" in above
    assert below.count("/inbox/msg_") == below.count(">Sent<") == 2
    assert below.count(">Version 1<") == 2
    assert "Session with Sam: Ordinary" in below
    assert "Yes to aftercare, newsletter emails" in below


@ONE_IS_ENOUGH
def test_times_are_her_own_and_a_moved_email_says_from_when_and_why(owner: Colleague, world: World) -> None:
    leo = world.add_client("leo@example.com", timezone="Asia/Kathmandu", first_name="Leo")
    world.log_session(leo, world.app.clock.now())
    world.app.drain()
    page = owner.get(f"/clients/{leo}").text
    above, _ = halves(page)
    assert "Tue 24 Nov, 09:30" in above
    assert "Moved from Mon 23 Nov, 22:45, outside the hours in which we send" in above
    assert "so that not too many emails come close together" in above
    assert "Now, Mon 23 Nov, 19:45 in Kathmandu" in page


def test_a_stop_takes_back_what_was_planned_and_says_why(owner: Colleague, world: World, maya: str) -> None:
    with world.app.transaction() as db:
        consent.opt_out(db, maya, "*", source="email link", now=world.app.clock.now())
    page = owner.get(f"/clients/{maya}").text
    above, below = halves(page)
    assert "Nothing is planned" in above
    assert "5 planned emails taken back: the client asked for these emails to stop" in below
    assert "Stopped all emails" in below
    assert "Recorded by the client" in below
    assert "The emails after visits have stopped" in page


@ONE_IS_ENOUGH
def test_only_a_therapist_sees_the_address_and_she_has_to_ask_for_it(world: World, maya: str) -> None:
    shown = {role: colleague(world, role).get(f"/clients/{maya}").text for role in ("viewer", "therapist")}
    assert "maya@example.com" not in shown["viewer"]
    assert "<summary>Show</summary><p>maya@example.com</p>" in shown["therapist"]
    assert "/pause" not in shown["viewer"]
    assert "Correct or cancel" not in shown["viewer"]


@ONE_IS_ENOUGH
def test_names_are_text_and_never_markup(owner: Colleague, world: World) -> None:
    odd = world.add_client("odd@example.com", first_name='<b>{{7*7}}</b>" 🌿')
    page = owner.get(f"/clients/{odd}").text
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;&#34; 🌿" in page
    assert "<b>" not in page


def test_a_long_story_is_told_in_pages_and_every_email_once(
    world: World, maya: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_time(world.app, world.app.clock.now() + timedelta(days=12))
    owner = colleague(world)
    monkeypatch.setattr(journal, "MOST", 2)
    path, seen, visits = f"/clients/{maya}", list[str](), 0
    while path:
        page = owner.get(path).text
        seen += re.findall(r"/inbox/(msg_\w+)", page)
        visits += page.count("Session with Sam")
        older = re.search(r'href="([^"]+before=[^"]+)"', page)
        path = older[1] if older else ""
    assert len(seen) == len(set(seen)) == 5
    assert visits == 1


@ONE_IS_ENOUGH
def test_a_pause_says_first_what_it_means_and_can_be_undone(world: World, maya: str) -> None:
    therapist = colleague(world, "therapist")
    here = f"/clients/{maya}"
    asked = therapist.get(f"{here}/pause").text
    assert "?until=2026-12-07" in asked
    meaning = therapist.get(f"{here}/pause?until=2026-11-30").text
    assert "4 emails will be left out" in meaning
    assert "The next one comes Thu 3 Dec, 10:00" in meaning
    assert states(world, maya) == ["planned"] * 5
    assert therapist.post(f"{here}/pause", {"until": "2026-11-30"}).headers["location"] == here
    page = therapist.get(here).text
    assert "Paused until Mon 30 Nov" in page
    assert f'action="{here}/resume"' in page
    assert states(world, maya) == ["held"] * 4 + ["planned"]
    therapist.post(f"{here}/resume")
    assert states(world, maya) == ["planned"] * 5


@ONE_IS_ENOUGH
def test_a_day_that_cannot_be_is_said_beside_the_field(owner: Colleague, world: World, maya: str) -> None:
    for until in ("soon", "2026-11-23", "2028-01-01", "2026-13-01"):
        for answer in (
            owner.get(f"/clients/{maya}/pause?until={until}"),
            owner.post(f"/clients/{maya}/pause", {"until": until}),
        ):
            assert answer.status_code == 422, until
            assert 'id="until-error"' in answer.text, until
    assert states(world, maya) == ["planned"] * 5


@ONE_IS_ENOUGH
def test_a_hold_has_a_reason_without_health_and_ends_by_hand(
    owner: Colleague, world: World, maya: str
) -> None:
    here = f"/clients/{maya}"
    assert owner.post(f"{here}/hold", {"reason": "she is ill"}).status_code == 422
    owner.post(f"{here}/hold", {"reason": "talk_first"})
    page = owner.get(here).text
    assert re.search(r"since Mon 23 Nov, 14:00, by Robin: We want to talk first", page)
    assert states(world, maya) == ["held"] * 5
    owner.post(f"{here}/release")
    assert states(world, maya) == ["planned"] * 5
    assert "Released from the hold" in owner.get(here).text


@ONE_IS_ENOUGH
def test_a_stop_on_her_word_can_be_undone_but_her_own_cannot(
    owner: Colleague, world: World, maya: str
) -> None:
    here = f"/clients/{maya}"
    assert "Newsletter emails" in owner.get(f"{here}/stop").text
    owner.post(f"{here}/stop", {"topic": "*"})
    assert states(world, maya) == ["cancelled"] * 5
    assert f'action="{here}/stop/undo?topic=*"' in owner.get(here).text
    owner.post(f"{here}/stop/undo?topic=*")
    assert states(world, maya).count("planned") == 5
    assert owner.post(f"{here}/stop", {"topic": "odd"}).status_code == 422
    with world.app.transaction() as db:
        consent.opt_out(db, maya, "*", source="email link", now=world.app.clock.now())
    assert owner.post(f"{here}/stop/undo?topic=*").status_code == 409


def test_a_sequence_is_started_as_its_dates_were_shown(owner: Colleague, world: World) -> None:
    zoe = world.add_client("zoe@example.com", first_name="Zoe")
    here = f"/clients/{zoe}"
    shown = owner.get(f"{here}/start?sequence=after-your-visit").text
    dates = re.findall(r'class="date">([^<]+)<', shown)
    assert dates[:2] == ["today, 17:00", "tomorrow, 18:00"]
    assert world.messages(zoe) == []
    owner.post(f"{here}/start", {"sequence": "after-your-visit"})
    assert states(world, zoe) == ["planned"] * 5
    page = owner.get(here).text
    assert "Started by hand: After your visit" in page
    owner.post(re.findall(rf'action="({here}/runs/\w+/stop)"', page)[0])
    assert states(world, zoe) == ["cancelled"] * 5
    assert "Stopped: After your visit" in owner.get(here).text


@ONE_IS_ENOUGH
def test_what_cannot_start_says_why(owner: Colleague, world: World, maya: str) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    assert "has not said yes" in owner.get(f"/clients/{zoe}/start?sequence=after-your-visit").text
    answer = owner.post(f"/clients/{zoe}/start", {"sequence": "after-your-visit"})
    assert (answer.status_code, world.messages(zoe)) == (409, [])
    assert "consent-request" not in owner.get(f"/clients/{zoe}/start").text
    assert owner.get(f"/clients/{zoe}/start?sequence=odd").status_code == 404


@ONE_IS_ENOUGH
def test_a_recorded_yes_brings_the_emails_of_the_last_session_after_all(
    owner: Colleague, world: World
) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    world.log_session(zoe, world.app.clock.now())
    world.app.drain()
    here = f"/clients/{zoe}"
    assert "No emails followed: no consent to these emails" in owner.get(here).text
    assert owner.post(f"{here}/consent", YES).status_code == 303
    page = owner.get(here).text
    assert "1 session of the last days brought emails after all" in page
    assert "Yes, please." in page
    assert "on the phone, 2026-11-23" in page
    assert states(world, zoe) == ["planned"] * 5


@ONE_IS_ENOUGH
def test_a_yes_without_its_proof_is_not_recorded(owner: Colleague, world: World) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    for wrong, told in (
        ({"topics": ""}, "choose from"),
        ({"source": ""}, 'id="source-error"'),
        ({"given_on": ""}, 'id="given_on-error"'),
        ({"wording": " "}, 'id="wording-error"'),
    ):
        answer = owner.post(f"/clients/{zoe}/consent", YES | wrong)
        assert answer.status_code == 422, wrong
        assert told in answer.text, wrong
    with world.app.reading() as db:
        assert consents.current(db, zoe) == {}


@ONE_IS_ENOUGH
def test_asking_sends_one_email_and_is_not_offered_again(owner: Colleague, world: World) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    here = f"/clients/{zoe}"
    assert f'action="{here}/ask"' in owner.get(f"{here}/consent").text
    owner.post(f"{here}/ask")
    world.app.drain()
    assert states(world, zoe) == ["sent"]
    assert "within the last 30 days" in owner.get(f"{here}/consent").text
    assert owner.post(f"{here}/ask").status_code == 409


@ONE_IS_ENOUGH
def test_a_name_from_right_to_left_stands_where_the_page_begins(owner: Colleague, world: World) -> None:
    hannah = world.add_client("hannah@example.com", first_name="חנה")
    assert "<h1><bdi>חנה</bdi></h1>" in owner.get(f"/clients/{hannah}").text


@ONE_IS_ENOUGH
def test_an_address_that_takes_no_emails_is_said_in_red(owner: Colleague, world: World, maya: str) -> None:
    with world.app.transaction() as db:
        client = rows.get(db, world.clinic_id, maya)
        consents.suppress(db, client, reason="hard_bounce", by="engine", now=world.app.clock.now())
    assert "This address does not take emails" in owner.get(f"/clients/{maya}").text


@ONE_IS_ENOUGH
def test_dates_of_another_year_carry_it(world: World, maya: str) -> None:
    world.app.clock.advance(timedelta(days=70))
    assert "Mon 23 Nov 2026, 14:00" in colleague(world).get(f"/clients/{maya}").text


@ONE_IS_ENOUGH
def test_a_viewer_may_look_and_change_nothing(world: World, maya: str) -> None:
    viewer = colleague(world, "viewer")
    assert viewer.get(f"/clients/{maya}").status_code == 200
    for act in ("pause", "hold", "start", "consent", "stop"):
        assert viewer.get(f"/clients/{maya}/{act}").status_code == 403
        assert viewer.post(f"/clients/{maya}/{act}").status_code == 403
