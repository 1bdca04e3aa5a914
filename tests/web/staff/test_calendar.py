"""The calendar: who gets what when, day by day."""

import re
from datetime import timedelta

import pytest

from aftercare.flows import agenda, consent
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""


def days(page: str) -> dict[str, int]:
    """How many emails stand on each day."""
    sections = page.split('<section class="day"')[1:]
    heads = [re.search(r"<h2[^>]*>([^<]+)<", section) for section in sections]
    counts = [section.count("/pictures/message/") for section in sections]
    return {head[1].removesuffix(" 2026"): count for head, count in zip(heads, counts, strict=True) if head}


def test_two_weeks_are_told_by_day_with_counts_and_the_clients_own_time(
    owner: Colleague, world: World, maya: str
) -> None:
    leo = world.add_client("leo@example.com", timezone="America/New_York", first_name="Leo")
    world.log_session(leo, world.app.clock.now())
    world.app.drain()
    page = owner.get("/calendar").text
    assert days(page) == {
        "Monday 23 November": 2,
        "Tuesday 24 November": 2,
        "Thursday 26 November": 2,
        "Sunday 29 November": 2,
        "Thursday 3 December": 2,
    }
    assert "today, 2 emails" in page
    assert re.search(r'class="at">12:00<span class="hint">New York<', page)
    assert "After your visit, 2 of 5" in page


@ONE_IS_ENOUGH
def test_an_email_stands_on_the_clinics_day_and_says_which_day_it_is_there(
    owner: Colleague, world: World
) -> None:
    world.add_client()
    eve = world.add_client("eve@example.com", timezone="Pacific/Kiritimati", first_name="Eve")
    world.log_session(eve, world.app.clock.now() - timedelta(hours=1))
    world.app.drain()
    page = owner.get("/calendar").text
    assert next(iter(days(page))) == "Monday 23 November"
    assert re.search(r'class="at">09:30<span class="hint">Kiritimati, Tue 24 Nov<', page)


def test_past_days_show_what_was_really_sent(world: World, maya: str) -> None:
    start = world.app.clock.now()
    pass_time(world.app, start + timedelta(days=4))
    page = colleague(world).get("/calendar?start=2026-11-23").text
    assert page.count('href="/inbox/msg_') == 3
    assert days(colleague(world, "viewer").get("/calendar").text) == {
        "Sunday 29 November": 1,
        "Thursday 3 December": 1,
    }


def test_an_email_that_an_outage_has_put_off_stands_everywhere_on_the_day_on_which_it_goes(
    world: World, maya: str
) -> None:
    pass_time(world.app, world.app.clock.now() + timedelta(days=1))
    world.app.clock.advance(timedelta(hours=6, minutes=30))
    world.app.sweep()
    world.app.clock.advance(timedelta(hours=9))
    tired = colleague(world)
    assert days(tired.get("/calendar").text)["Wednesday 25 November"] == 1
    assert "1 email today" in tired.get("/today").text
    assert "today, 08:00" in tired.get("/clients").text
    assert re.search(r"Wed 25 Nov, 08:00<br>", tired.get(f"/clients/{maya}").text)


def test_what_was_taken_back_shows_only_where_it_is_asked_for(
    owner: Colleague, world: World, maya: str
) -> None:
    with world.app.transaction() as db:
        consent.opt_out(db, maya, "*", source="test", now=world.app.clock.now())
    page = owner.get("/calendar").text
    assert "Nothing planned" in page
    assert "Log a session and it appears here" in page
    taken = owner.get("/calendar?show=taken-back").text
    assert sum(days(taken).values()) == 5
    assert "the client asked for these emails to stop" in taken


@ONE_IS_ENOUGH
def test_filters_by_sequence_and_state_add_up(owner: Colleague, world: World, maya: str) -> None:
    leo = world.add_client("leo@example.com", first_name="Leo")
    world.log_session(leo, world.app.clock.now(), "strong_feelings")
    world.app.drain()
    counts = {
        query: sum(days(owner.get(f"/calendar?{query}").text).values())
        for query in ("", "sequence=after-your-visit", "show=to-come", "show=sent", "show=waiting")
    }
    both = counts[""]
    assert counts == {
        "": both,
        "sequence=after-your-visit": 5,
        "show=to-come": both,
        "show=sent": 0,
        "show=waiting": 0,
    }
    assert both > 9
    assert "No email fits" in owner.get("/calendar?show=sent").text


@ONE_IS_ENOUGH
def test_weeks_are_turned_and_filters_kept(owner: Colleague, maya: str) -> None:
    page = owner.get("/calendar?start=2026-11-30&sequence=after-your-visit").text
    assert days(page) == {"Thursday 3 December": 1}
    for start in ("2026-11-23", "2026-12-07", "2026-12-14"):
        assert f"/calendar?sequence=after-your-visit&amp;start={start}" in page


def test_a_busy_clinic_turns_pages_and_misses_nothing(
    owner: Colleague, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        client = world.add_client(f"c{number}@example.com")
        world.log_session(client, world.app.clock.now())
    world.app.drain()
    monkeypatch.setattr(agenda, "MOST", 4)
    path, seen = "/calendar", list[str]()
    for _ in range(5):
        page = owner.get(path).text
        seen += re.findall(r"/pictures/message/(\w+)", page)
        path = page.split('<p><a class="button" href="')[1].split('"')[0]
    assert len(seen) == len(set(seen)) == 15
    monkeypatch.setattr(agenda, "MOST", 2)
    assert "Only the first 2 emails of this day" in owner.get("/calendar").text


@ONE_IS_ENOUGH
def test_what_cannot_be_looked_for_is_refused_in_words(owner: Colleague) -> None:
    for query in ("start=soon", "start=9999-12-31", "start=0001-01-01", "show=odd"):
        assert owner.get(f"/calendar?{query}").status_code == 422, query


@ONE_IS_ENOUGH
def test_names_are_text_and_never_markup(owner: Colleague, world: World) -> None:
    odd = world.add_client("odd@example.com", first_name="<b>{{7*7}}</b> 🌿")
    world.log_session(odd, world.app.clock.now())
    world.app.drain()
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt; 🌿" in owner.get("/calendar").text
