"""Writing an email in the browser."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from aftercare.clock import SteppedClock
from aftercare.domain.outcomes import Blame, Outcome, Permanent, Transient, Unknown
from aftercare.flows import drafts, test_sends
from aftercare.mail.blocks import KINDS
from aftercare.mail.document import EmailDocument
from aftercare.mail.senders.memory import MemorySender
from aftercare.models import Clinic
from aftercare.web.staff import emails_words
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import draft_of, form_to, send

SEQUENCE = "/sequences/after-your-visit"
PEN = f"{SEQUENCE}/steps/two-minutes-with-a-pen"


def email(world: World) -> EmailDocument:
    """The email as the draft has it."""
    with world.app.reading() as db:
        found = drafts.draft(db, world.clinic_id, "after-your-visit")
    assert found is not None
    return found.files.emails["two-minutes-with-a-pen"]


def texts(world: World) -> str:
    """All that its blocks say."""
    return str(email(world).to_json()["blocks"])


def test_whoever_edits_an_email_begins_with_its_form(world: World, owner: Colleague) -> None:
    page = owner.get(PEN).text
    assert "Live version 1" in page
    assert f'action="{PEN}"' not in page.replace('class="as-whom" action', "")
    draft_of(owner)
    page = owner.get(PEN).text
    for words in (
        "Email 2 of 5",
        "A question, a few lines, and no need to show anyone.",
        "Questions to write about",
        "Questions: 2 of 30 chosen",
        "We do not see what you write. You can keep it or tear it up.",
        "{{ first_name | there }}",
        "Last words",
    ):
        assert words in page, words


def test_sending_the_form_as_it_is_changes_nothing(world: World, owner: Colleague) -> None:
    draft_of(owner)
    was = email(world)
    page = send(owner, PEN, PEN, act="save")
    assert "Saved in the draft." in page
    assert email(world) == was
    assert "says the same as live version 1" in owner.get(SEQUENCE).text


def test_every_button_keeps_the_words_that_were_typed(world: World, owner: Colleague) -> None:
    draft_of(owner)
    for number, act in enumerate(("save", "down:hello", "remove:why-write", "add:note", "more:guides:links")):
        words = f"Typed before {number} & < 🌿"
        page = send(owner, PEN, PEN, act=act, yours__paragraphs=words)
        assert words in texts(world), act
        assert f"Typed before {number} &amp; &lt; 🌿" in page
    keys = [block.key for block in email(world).blocks]
    assert keys == ["hello", "page", "yours", "guides", "note"]
    # A drag has no button.
    send(owner, PEN, PEN, item="note", position="1")
    assert [block.key for block in email(world).blocks] == ["hello", "note", "page", "yours", "guides"]
    # Nor does a button drag what an earlier drag left in the form.
    send(owner, PEN, PEN, item="note", position="4", act="save")
    assert [block.key for block in email(world).blocks] == ["hello", "note", "page", "yours", "guides"]


def test_what_cannot_be_used_is_said_beside_its_block_and_nothing_is_saved(
    world: World, owner: Colleague
) -> None:
    draft_of(owner)
    was = email(world)
    wrong = {"hello__text": "Hello {{ first_name }}", "yours__heading": "Typed with it"}
    page = send(owner, PEN, PEN, act="add:note", **wrong)
    assert "Not saved yet. 1 place needs another look" in page
    assert '<a href="#block-hello">Greeting</a>: Words: A first name needs words to stand in' in page
    assert "Hello {{ first_name }}" in page
    assert "Typed with it" in page
    assert email(world) == was
    page = send(owner, PEN, PEN, act="save", subject="", guides__links__0__text="")
    assert "2 places need another look" in page
    assert "Pages, 1, Words: is empty. Write something." in page


def test_a_block_that_cannot_be_shown_is_not_saved(world: World, owner: Colleague) -> None:
    draft_of(owner)
    with world.app.transaction() as db:
        db.get_one(Clinic, world.clinic_id).phone = ""
    page = send(owner, PEN, PEN, act="save", yours__paragraphs="Ring {{ clinic.phone }}")
    assert '<a href="#block-yours">Text</a>: clinic.phone is empty' in page
    assert "Ring {{ clinic.phone }}" in page
    assert "Ring" not in texts(world)


def test_two_editors_do_not_overwrite_each_other(world: World, owner: Colleague) -> None:
    draft_of(owner)
    mine = form_to(owner.get(PEN).text, PEN) | {"yours:heading": ["Mine"], "act": ["save"]}
    send(colleague(world, "editor"), PEN, PEN, act="save", yours__heading="Hers")
    answer = owner.post(PEN, mine)
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert "Hers" in texts(world)


def test_the_preview_shows_what_is_typed_and_saves_nothing(world: World, owner: Colleague) -> None:
    draft_of(owner)
    was = email(world)
    form = form_to(owner.get(PEN).text, PEN) | {"yours:paragraphs": ["Typed <b>just</b> now"]}
    looks = {
        "view=html&sample=maya": ("Hello Maya,", "Typed &lt;b&gt;just"),
        "view=dark": ("@media all", "Typed"),
        "view=phone&sample=no-name": ("Hello there,", "Typed"),
        "view=text&sample=right-to-left": ("שירה", "<pre>", "Typed &lt;b&gt;just"),
        "view=inbox": ("Willow Lane", "Two minutes with a pen", "A question, a few lines"),
    }
    for query, words in looks.items():
        answer = owner.post(f"{PEN}/preview?{query}", form)
        assert answer.status_code == 200
        assert [word for word in words if word not in answer.text] == [], query
        assert answer.headers["content-security-policy"].startswith("sandbox ")
    assert email(world) == was
    assert "Typed" not in owner.get(f"{PEN}/preview").text
    answer = owner.post(f"{PEN}/preview", form | {"hello:text": ["{{ nonsense }}"]})
    assert (answer.status_code, "cannot be shown yet" in answer.text) == (200, True)
    assert "We do not know {{ nonsense }}." in answer.text


def test_send_to_me_sends_the_draft_to_me_alone(world: World, owner: Colleague) -> None:
    sender = world.app.senders[test_sends.SENDER] = MemorySender()
    draft_of(owner)
    page = send(owner, f"{PEN}?sample=long-name", PEN, act="test", yours__paragraphs="Not yet published")
    assert "Saved. Written into the outbox folder" in page
    (outgoing,) = sender.accepted
    mail = message_from_bytes(outgoing.content, policy=default)
    assert (outgoing.rcpt_to, mail["To"], mail["Subject"]) == (
        mail["To"],
        outgoing.rcpt_to,
        "[Test] Two minutes with a pen",
    )
    assert outgoing.rcpt_to.startswith("owner")
    assert "List-Unsubscribe" not in mail
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Not yet published" in body.get_content()
    assert "[Test]" not in email(world).subject
    assert "Nothing has left yet" in owner.get("/inbox").text


OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    (Transient("smtp_450", Blame.RECIPIENT), "Try again in a few minutes"),
    (Permanent("smtp_550", Blame.RECIPIENT), "refused it (smtp_550)"),
    (Unknown("cut_off"), "nobody can know"),
)


def test_a_test_that_did_not_leave_says_so_kindly_and_after_twenty_it_is_enough(
    world: World, owner: Colleague
) -> None:
    sender = world.app.senders[test_sends.SENDER] = MemorySender()
    draft_of(owner)
    for outcome, says in OUTCOMES:
        sender.otherwise = outcome
        assert says in send(owner, PEN, PEN, act="test")
    with world.app.transaction() as db:
        by, now = f"staff:{owner.staff_id}", world.app.clock.now()
        for _ in range(test_sends.MOST_AN_HOUR - len(OUTCOMES)):
            test_sends.note(db, world.clinic_id, "after-your-visit", "short-walk", by=by, now=now)
    attempts = len(sender.attempted)
    assert "20 tests within an hour" in send(owner, PEN, PEN, act="test")
    assert len(sender.attempted) == attempts
    assert isinstance(world.app.clock, SteppedClock)
    world.app.clock.set(world.app.clock.now() + timedelta(hours=2))
    assert "nobody can know" in send(owner, PEN, PEN, act="test")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_block_has_a_name_and_a_purpose(kind: str) -> None:
    assert emails_words.block_purpose(kind).endswith(".")
    assert "_" not in emails_words.block_name(kind)
