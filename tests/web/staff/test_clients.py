"""The list of clients, finding somebody, adding somebody."""

from datetime import timedelta

import pytest

from aftercare.flows import clients, consent, pausing, roster
from aftercare.store import consents
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague


def row_of(page: str, client_id: str) -> str:
    """A client's row of the table."""
    return next(row for row in page.split("<tr>") if f'href="/clients/{client_id}"' in row)


def added(world: World, email: str) -> str:
    """The id of the client with this address."""
    with world.app.reading() as db:
        found = roster.find(db, world.clinic_id, email)
    return found.lines[0].client.id


ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
NEW = {"email": "nora@example.com", "first_name": "Nora", "consent": "later"}
YES = NEW | {"consent": "yes", "source": "intake form", "given_on": "2026-11-23", "wording": "Yes, please."}


def test_a_row_says_where_she_stands_and_what_comes_next(owner: Colleague, maya: str) -> None:
    row = row_of(owner.get("/clients").text, maya)
    assert "After your visit, 1 of 5" in row
    assert "Mon 23 Nov<" in row
    assert "today, 17:00" in row
    assert ">Yes<" in row
    assert "maya@example.com" not in row


def test_the_next_email_is_told_in_the_clients_own_time(owner: Colleague, world: World) -> None:
    leo = world.add_client("leo@example.com", timezone="America/New_York", first_name="Leo")
    world.log_session(leo, world.app.clock.now())
    world.app.drain()
    assert "today, 12:00" in row_of(owner.get("/clients").text, leo)


def test_holds_pauses_stops_and_blocked_addresses_are_marked(owner: Colleague, world: World) -> None:
    now = world.app.clock.now()
    held, rests, left, blocked = (world.add_client(f"{name}@example.com") for name in "abcd")
    with world.app.transaction() as db:
        clients.hold(db, world.clinic_id, held, reason="x", by="test", now=now)
        until = (now + timedelta(days=14)).date()
        pausing.pause(db, world.clinic_id, rests, until, by="test", now=now)
        consent.opt_out(db, left, "aftercare", source="test", now=now)
        consents.suppress(
            db, clients.clients.get(db, world.clinic_id, blocked), reason="x", by="test", now=now
        )
    page = owner.get("/clients").text
    marks = {held: "On hold", rests: "Paused until Mon 7 Dec", left: "Stopped", blocked: "Cannot be mailed"}
    for client_id, mark in marks.items():
        assert [one for one in marks.values() if one in row_of(page, client_id)] == [mark]
    lists = {
        only: {one for one in marks if one in owner.get(f"/clients?only={only}").text}
        for only in roster.FILTERS
    }
    assert lists["all"] == set(marks)
    assert lists["waiting"] == {held, rests}
    assert lists["stopped"] == {left}
    assert lists["no-consent"] == lists["running"] == set()


def test_no_consent_and_a_running_sequence_have_their_own_lists(
    owner: Colleague, world: World, maya: str
) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    running, without = (owner.get(f"/clients?only={only}").text for only in ("running", "no-consent"))
    assert (maya in running, zoe in running) == (True, False)
    assert (maya in without, zoe in without) == (False, True)
    assert owner.get("/clients?only=odd").status_code == 404


def test_pages_of_the_list_hold_everybody_once_whatever_their_names(
    owner: Colleague, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "PAGE", 3)
    names = ("Émilie", "zoe", "Zoe", "", "", "Ångström", "🌿", "אנה", "maya", "Maya")
    ids = {world.add_client(f"n{number}@example.com", first_name=name) for number, name in enumerate(names)}
    seen: list[str] = []
    path = "/clients"
    while path:
        page = owner.get(path).text
        seen += [one for one in ids if f'<th scope="row"><a href="/clients/{one}"' in page]
        path = page.split('<a class="button" href="')[-1].split('"')[0] if "More clients" in page else ""
        path = path.replace("&amp;", "&")
    assert len(seen) == len(ids)
    assert set(seen) == ids


def test_searching_posts_so_that_no_address_gets_into_a_url(owner: Colleague, world: World) -> None:
    maya, leo = world.add_client(), world.add_client("leo@example.com", first_name="Leo")
    page = owner.get("/clients").text
    assert page.count('method="post" action="/clients/search"') == 2
    for words in ("EO", "leo@exam"):
        found = owner.post("/clients/search", {"q": words}).text
        assert "1 client found" in found
        assert leo in found
        assert maya not in found
    assert "Nobody of that name" in owner.post("/clients/search", {"q": "%"}).text
    assert owner.post("/clients/search", {"q": " "}).headers["location"] == "/clients"
    assert owner.get("/clients/search").headers["location"] == "/clients"


@ONE_IS_ENOUGH
def test_an_empty_clinic_is_told_how_to_begin(owner: Colleague, world: World) -> None:
    assert "No clients yet" in owner.get("/clients").text
    assert "/clients/new" not in colleague(world, "viewer").get("/clients").text


@ONE_IS_ENOUGH
def test_a_yes_on_paper_is_recorded_with_its_words(owner: Colleague, world: World) -> None:
    answer = owner.post("/clients", YES)
    nora = added(world, "nora@example.com")
    assert answer.headers["location"] == f"/clients/{nora}"
    with world.app.reading() as db:
        record = consents.current(db, nora)["aftercare"]
    assert (record.given, record.wording) == (True, "Yes, please.")
    assert record.source == "intake form, 2026-11-23"
    assert record.recorded_by == f"staff:{owner.staff_id}"


@ONE_IS_ENOUGH
def test_asking_sends_one_email_and_not_now_none(owner: Colleague, world: World) -> None:
    for choice, count in (("ask", 1), ("later", 0)):
        email = f"{choice}@example.com"
        assert owner.post("/clients", NEW | {"email": email, "consent": choice}).status_code == 303
        world.app.drain()
        assert len(world.messages(added(world, email))) == count


WRONG = [
    ({"email": "nora@"}, "email"),
    ({"first_name": "N" * 101}, "first_name"),
    ({"timezone": "Atlantis"}, "timezone"),
    ({"country": "Atlantis"}, "country"),
    ({"consent": ""}, "consent"),
    ({"source": " "}, "source"),
    ({"given_on": "yesterday"}, "given_on"),
    ({"given_on": "2026-11-24"}, "given_on"),
    ({"wording": ""}, "wording"),
]


@ONE_IS_ENOUGH
def test_errors_stand_beside_their_field_and_nothing_typed_is_lost(owner: Colleague, world: World) -> None:
    for wrong, field in WRONG:
        shown = YES | wrong
        answer = owner.post("/clients", shown)
        assert answer.status_code == 422, wrong
        assert f'id="{field}-error"' in answer.text, wrong
        assert 'role="alert"' in answer.text, wrong
        assert f'value="{shown["first_name"]}"' in answer.text, wrong
        assert f'value="{shown["source"]}"' in answer.text, wrong
    with world.app.reading() as db:
        assert roster.find(db, world.clinic_id, "nora").lines == ()


@ONE_IS_ENOUGH
def test_a_town_and_the_name_of_a_country_are_understood(owner: Colleague, world: World) -> None:
    owner.post("/clients", NEW | {"timezone": "new york", "country": "United States"})
    nora = world.client(added(world, "nora@example.com"))
    assert (nora.timezone, nora.country) == ("America/New_York", "US")


@ONE_IS_ENOUGH
def test_a_known_address_leads_to_its_client(owner: Colleague, world: World) -> None:
    maya = world.add_client()
    answer = owner.post("/clients", NEW | {"email": "MAYA@example.com"})
    assert answer.status_code == 422
    assert f'href="/clients/{maya}"' in answer.text
    assert (
        f'href="/sessions/new?client={maya}"'
        in owner.post("/clients", NEW | {"email": "maya@example.com", "then": "log"}).text
    )


@ONE_IS_ENOUGH
def test_adding_on_the_way_to_a_session_goes_on_there(owner: Colleague, world: World) -> None:
    assert 'name="then" value="log"' in owner.get("/clients/new?then=log").text
    answer = owner.post("/clients", NEW | {"then": "log"})
    assert answer.headers["location"] == f"/sessions/new?client={added(world, 'nora@example.com')}"


@ONE_IS_ENOUGH
def test_names_are_text_and_never_markup(owner: Colleague, world: World) -> None:
    odd = world.add_client("odd@example.com", first_name="<b>{{7*7}}</b> 🌿")
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt; 🌿" in row_of(owner.get("/clients").text, odd)
    assert "&#34;&gt;&lt;b" in owner.post("/clients/search", {"q": '"><b'}).text


@ONE_IS_ENOUGH
def test_a_viewer_may_look_but_not_add(world: World, maya: str) -> None:
    viewer = colleague(world, "viewer")
    assert maya in viewer.get("/clients").text
    assert viewer.get("/clients/new").status_code == viewer.post("/clients", YES).status_code == 403
    assert "Add client" not in viewer.get("/clients").text
