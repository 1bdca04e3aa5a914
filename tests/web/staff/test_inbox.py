"""The inbox, and emails as documents that can do nothing."""

import quopri
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial

import pytest

from aftercare.flows import clinics, consent, consent_request, inbox
from aftercare.models import CompiledEmail, Message
from aftercare.testing.inline import pass_time
from aftercare.web.staff.headers_explained import UNKNOWN, explained
from tests.factories import CLINIC, World
from tests.web.conftest import MONDAY_14
from tests.web.staff.colleague import Colleague, colleague

LINK = re.compile(rb"/[cksuv]/[\w-]{40,}")
"""A link that acts, or looks, in a client's name."""


def after_days(world: World, days: int) -> Colleague:
    """Live on, sending what is due; who signs in then."""
    pass_time(world.app, world.app.clock.now() + timedelta(days=days))
    return colleague(world)


def sent(world: World, client_id: str) -> list[Message]:
    """What she was sent, newest first."""
    return [row for row in world.messages(client_id) if row.sent_at][::-1]


def outbox(world: World) -> dict[str, bytes]:
    """What left, by Message-ID."""
    files = [path.read_bytes() for path in (world.app.settings.data_dir / "outbox").rglob("*.eml")]
    return {str(message_from_bytes(content, policy=default)["Message-ID"]): content for content in files}


def shown(page: str) -> list[str]:
    """Ids of the emails that a list shows, from top to bottom."""
    return re.findall(r'<th scope="row"><a href="/inbox/(msg_\w+)">', page)


def test_the_list_shows_what_left_newest_first_and_nothing_else(
    world: World, maya: str, owner: Colleague
) -> None:
    assert "Nothing has left yet" in owner.get("/inbox").text
    page = after_days(world, 3).get("/inbox").text
    assert shown(page) == [row.id for row in sent(world, maya)]
    assert len(shown(page)) == 3
    assert "m•••@example.com" in page
    assert "maya@example.com" not in page
    assert "Mon 23 Nov, 17:00" in page


def test_a_client_elsewhere_is_shown_with_her_own_clock_and_where_it_ticks(world: World) -> None:
    kirra = world.add_client("kirra@example.com", timezone="Australia/Sydney", first_name="Kirra")
    world.log_session(kirra, MONDAY_14 - timedelta(hours=10))
    owner = after_days(world, 1)
    assert re.search(
        r"Tue 24 Nov, \d\d:\d\d</span> <span class=\"hint\">Sydney time", owner.get("/inbox").text
    )


def test_the_list_is_searched_filtered_and_paged(world: World, maya: str) -> None:
    zoe = world.add_client("zoe@example.com", first_name="Zoë 100%")
    world.log_session(zoe, MONDAY_14, "strong_feelings")
    owner = after_days(world, 4)
    hers, all_of_them = [row.id for row in sent(world, zoe)], shown(owner.get("/inbox").text)
    assert len(all_of_them) == len(hers) + len(sent(world, maya))
    for query in (f"client={zoe}", "sequence=after-a-tender-visit"):
        assert shown(owner.get(f"/inbox?{query}").text) == hers, query
    for words in ("Zo", "100%", zoe):
        assert shown(owner.post("/inbox/search", {"q": words}).text) == hers, words
    assert "No email fits" in owner.post("/inbox/search", {"q": "100_"}).text
    assert shown(owner.get(f"/inbox?before={all_of_them[1]}").text) == all_of_them[2:]
    with world.app.reading() as db:
        page = inbox.list_sent(db, world.clinic_id, limit=2)
    assert [line.message_id for line in page.lines] == all_of_them[:2]
    assert page.more


def test_searching_posts_so_that_no_name_gets_into_a_url(
    world: World, maya: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "list_sent", partial(inbox.list_sent, limit=2))
    owner = after_days(world, 3)
    form, ids = {"q": " May ", "sequence": "after-your-visit"}, [row.id for row in sent(world, maya)]
    page = owner.post("/inbox/search", form).text
    assert shown(page) == ids[:2]
    assert "q=" not in page
    older = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page.split("</table>")[1]))
    assert older["q"] == "May"
    assert shown(owner.post("/inbox/search", older).text) == ids[2:]
    answer = owner.post("/inbox/search", form | {"q": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?sequence=after-your-visit")
    assert owner.get("/inbox/search").headers["location"] == "/inbox"
    assert shown(owner.get("/inbox?q=nobody").text) == ids[:2]


def test_an_email_says_why_she_got_it_and_under_which_consent(world: World, maya: str) -> None:
    owner = after_days(world, 2)
    path = f"/inbox/{sent(world, maya)[0].id}"
    page = owner.get(path).text
    for words in (
        "Mon 23 Nov, 14:00, with Sam",
        "After your visit</a>, version 1",
        "2 of 5: two-minutes-with-a-pen",
        "Yes, send me aftercare emails.",
        "intake form",
        "Tue 24 Nov, 18:00, by the mail server",
    ):
        assert words in page, words
    assert "Stopped since, on" not in page
    with world.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="unsubscribe_page", now=world.app.clock.now())
    assert "Stopped since, on" in owner.get(path).text


def test_the_source_is_what_left_with_every_header_explained(world: World, maya: str) -> None:
    owner = after_days(world, 1)
    row = sent(world, maya)[0]
    file = owner.get(f"/inbox/{row.id}/source")
    left = outbox(world)[str(row.mime_message_id)]
    assert LINK.search(quopri.decodestring(left))
    assert LINK.sub(b"/u/preview", quopri.decodestring(left)) == quopri.decodestring(file.content)
    assert file.headers["content-disposition"] == f'attachment; filename="{row.id}.eml"'
    page = owner.get(f"/inbox/{row.id}?view=source").text
    for header in explained(file.content):
        assert header.purpose != UNKNOWN[0], header.name
        assert header.name in page
    with world.app.reading() as db:
        compiled = db.get_one(CompiledEmail, row.compiled_id)
    assert "Those of version 1 of" in page
    assert row.email_version_id in page
    assert compiled.content_hash in page


@pytest.mark.parametrize("sandbox", [False, True])
def test_only_in_a_sandbox_do_staff_hold_links_that_answer_for_the_client(
    world: World, *, sandbox: bool
) -> None:
    world.app.settings = world.app.settings.model_copy(update={"sandbox": sandbox})
    zoe, now = world.add_client("zoe@example.com", topics=()), world.app.clock.now()
    with world.app.transaction() as db:
        consent_request.ask(db, world.clinic_id, zoe, by="test", now=now)
    world.app.sweep()
    owner, [row] = colleague(world), sent(world, zoe)
    views = ("inbox/{}/html", "inbox/{}?view=text", "inbox/{}?view=source", "inbox/{}/source")
    for path in (*views, "pictures/message/{}"):
        answer = owner.get("/" + path.format(row.id))
        assert answer.status_code == 200
        assert bool(LINK.search(quopri.decodestring(answer.content))) is sandbox, path
        if path.startswith("inbox") and "?" in path:
            assert ("Personal links are covered" in answer.text) is not sandbox
    if sandbox:
        assert owner.get(f"/inbox/{row.id}/source").content == outbox(world)[str(row.mime_message_id)]


def test_each_view_is_a_link_that_works_without_scripts(world: World, maya: str) -> None:
    owner = after_days(world, 1)
    for view, says in (
        ("html", "scheme=light"),
        ("dark", "scheme=dark"),
        ("phone", "phone"),
        ("text", "<pre"),
    ):
        page = owner.get(f"/inbox/{sent(world, maya)[0].id}?view={view}").text
        assert says in page
        assert f'view={view}" aria-current="page"' in page


def test_an_email_is_a_document_that_can_do_nothing_and_looks_as_asked(world: World, maya: str) -> None:
    owner = after_days(world, 1)
    rules = {"dark": "@media all", "light": "@media not all", "": "@media (prefers-color"}
    for scheme, rule in rules.items():
        answer = owner.get(f"/inbox/{sent(world, maya)[0].id}/html?scheme={scheme}")
        assert rule in answer.text
        assert ("color-scheme:light dark" in answer.text) == (not scheme)
        assert '<head><base target="_blank">' in answer.text
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; ")
        assert "script" not in policy
        assert answer.headers["cache-control"] == "no-store"


def test_pictures_show_steps_and_planned_emails_with_links_that_stay(
    world: World, maya: str, owner: Colleague
) -> None:
    row = world.messages(maya)[0]
    for path in (
        f"email/{row.email_version_id}?sample=maya",
        f"email/{row.email_version_id}?client={maya}",
        f"message/{row.id}",
    ):
        answer = owner.get(f"/pictures/{path}")
        assert answer.status_code == 200
        assert "Maya" in answer.text
        assert "/u/" not in answer.text
        assert 'href="#" target="_self"' in answer.text


def test_nobody_sees_another_clinics_mail(world: World, maya: str) -> None:
    owner = after_days(world, 1)
    row, now = sent(world, maya)[0], world.app.clock.now()
    with world.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC, name="Elsewhere"), by="test", now=now).id
    neighbour = colleague(world, "owner", other)
    assert shown(neighbour.get("/inbox").text) == []
    address = f"/inbox/{row.id}"
    foreign = (address, f"{address}/html", f"{address}/source", f"/inbox?before={row.id}")
    for path in (*foreign, f"/pictures/message/{row.id}", f"/pictures/email/{row.email_version_id}"):
        assert (owner.get(path).status_code, neighbour.get(path).status_code) == (200, 404), path


def test_what_has_not_left_is_not_in_the_inbox(world: World, maya: str, owner: Colleague) -> None:
    planned = world.messages(maya)[0].id
    for path in (planned, f"{planned}/html", f"{planned}/source", "msg_", "msg_%00"):
        assert owner.get(f"/inbox/{path}").status_code == 404, path


def test_who_watches_is_brought_what_arrives(world: World, maya: str, owner: Colleague) -> None:
    assert owner.get("/inbox/newer").status_code == 204
    owner = after_days(world, 2)
    assert owner.get("/inbox/newer").headers["hx-refresh"] == "true"
    newest, oldest = sent(world, maya)
    answer = owner.get(f"/inbox/newer?since={oldest.id}")
    assert shown(answer.text) == [newest.id]
    assert ">1 new email</p>" in answer.text
    assert f"since={newest.id}" in answer.text
    assert owner.get(f"/inbox/newer?since={newest.id}").status_code == 204
    gone = "msg_" + "a" * 24
    assert owner.get(f"/inbox/newer?since={gone}").headers["hx-refresh"] == "true"
