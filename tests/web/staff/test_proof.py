"""What staff can prove and hand over: one email, the ledger, what is left on paper, all that is known."""

import html
import json
import re
from datetime import timedelta

import pytest

from aftercare.mail.tokens import Purpose
from aftercare.store import audit, leaving_reasons
from aftercare.testing.inline import pass_time
from aftercare.web.public import settings as public
from aftercare.web.staff import settings
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.staff.colleague import Colleague
from tests.web.visitor import Visitor, link

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def choose(world: World, client_id: str, **form: str) -> None:
    """She presses a button of her settings page."""
    path = link(world, client_id, purpose=Purpose.SETTINGS).replace("/u/", "/s/")
    assert Visitor(world).post(path, data=form).status_code == 200


def told(page: str) -> str:
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_proof_of_an_email_says_what_when_why_and_under_which_words(
    owner: Colleague, world: World, maya: str
) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(hours=5))
    choose(world, maya, want="stop")
    sent = next(row for row in world.messages(maya) if row.state == "sent")
    page = told(owner.get(f"/clients/{maya}/emails/{sent.id}/proof").text)
    for words in (
        "Accepted Monday 23 November 2026, 17:00 London time",
        "After your visit, version 1",
        "1 of 5: evening-plan",
        "Yes, send me aftercare emails.",
        "intake form",
        "Attempts Monday 23 November 2026, 17:00 London time: accepted",
        "by the client, on the page of their email settings",
        sent.mime_message_id,
    ):
        assert words in page, words
    assert "maya@example.com" not in page
    unsent = next(row for row in world.messages(maya) if row.state != "sent")
    assert owner.get(f"/clients/{maya}/emails/{unsent.id}/proof").status_code == 404


def test_the_timeline_says_what_she_chose_and_when_and_not_why(
    owner: Colleague, world: World, maya: str
) -> None:
    path = link(world, maya, purpose=Purpose.SETTINGS).replace("/u/", "/s/")
    for want in ("weekly", "two-weeks", "stop"):
        choose(world, maya, want=want)
    Visitor(world).post(path + "/why", data={"choice": "stop", "reason": "too_many"})
    page = told(owner.get(f"/clients/{maya}").text)
    for words in (
        "Asked for at most one email a week by the client",
        "Emails paused until Mon 7 Dec by the client",
        "Stopped all emails by the client",
        "How: on the page of their email settings",
    ):
        assert words in page, words
    assert "too many emails" not in page.lower()
    assert "too_many" not in page


def test_what_was_to_come_can_be_offered_on_paper_in_her_language(
    owner: Colleague, world: World, maya: str
) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(hours=5))
    assert "/guidance" not in owner.get(f"/clients/{maya}").text
    choose(world, maya, want="stop")
    page = owner.get(f"/clients/{maya}")
    assert "with 4 emails to come" in told(page.text)
    [path] = re.findall(r'href="(/clients/[^"]+/guidance)"', page.text)
    paper = owner.get(path)
    said = told(paper.text)
    assert paper.status_code == 200
    assert "Two minutes with a pen" in said
    assert said.count("0113 496 0000") == 1
    assert "evening" not in said.partition("Two minutes")[0].lower()
    assert not re.search(r"<script|/u/|{{|unsubscribe", paper.text, re.IGNORECASE)
    owner.post(f"/clients/{maya}/edit", {"email": "maya@example.com", "first_name": "Maya", "language": "es"})
    assert 'lang="es"' in owner.get(path).text


def test_the_ledger_has_every_word_its_source_and_who_wrote_it_down(
    owner: Colleague, world: World, maya: str
) -> None:
    choose(world, maya, want="topics", topic="aftercare")
    page = told(owner.get(f"/clients/{maya}/consent").text)
    for words in (
        "Newsletter Stopped counts now Save my topics On the page of their email settings the client",
        "Aftercare Yes counts now Yes, send me aftercare emails. Intake form",
    ):
        assert words in page, words


def test_all_that_is_known_is_one_file_and_who_took_it_is_written_down(
    owner: Colleague, world: World, maya: str
) -> None:
    ravi = world.add_client("ravi@example.com", first_name="Ravi")
    pass_time(world.app, MONDAY_14 + timedelta(hours=5))
    choose(world, maya, want="monthly")
    answer = owner.post(f"/clients/{maya}/export")
    assert answer.headers["content-disposition"] == f'attachment; filename="{maya}.json"'
    made = json.loads(answer.text)
    assert made["client"][0]["email"] == "maya@example.com"
    assert made["client"][0]["pace"] == "monthly"
    assert {row["topic"] for row in made["consent"]} == {"aftercare", "newsletter"}
    assert {"care_session", "enrolment", "message", "attempt", "audit_entry"} <= set(made)
    [letter] = made["emails_that_left"]
    assert letter["subject"]
    assert "Willow Lane" in letter["text"]
    for secret in (ravi, "Ravi", "fence", "token_epoch", "link_key"):
        assert secret not in answer.text
    with world.app.reading() as db:
        [entry] = [
            one for one in audit.of_subject(db, world.clinic_id, maya) if one.action == "client.exported"
        ]
    assert entry.actor.startswith("staff:")


def test_reasons_show_as_numbers_once_five_people_have_given_one(owner: Colleague, world: World) -> None:
    with world.app.transaction() as db:
        for reason, choices in {"too_many": ("stop", "pause"), "private": ("stop",), "other": ()}.items():
            for choice in choices:
                for _ in range(4 if choice == "stop" else 3):
                    leaving_reasons.count(db, world.clinic_id, choice, reason)
    page = told(owner.get("/settings").text)
    assert "Reason People Too many emails 7" in page
    assert "mailbox" not in page
    assert "Something else" not in page
    for reason in public.REASONS:
        assert reason in settings.REASONS
