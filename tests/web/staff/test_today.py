"""Today: what goes out, what needs somebody, whether sending works."""

from datetime import timedelta

from aftercare.domain.states import MessageState
from aftercare.flows import clients, sequences
from aftercare.models import Message
from aftercare.store import settings
from aftercare.store.sequences import published
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague


def test_a_new_clinic_is_led_to_its_first_email(owner: Colleague) -> None:
    page = owner.get("/today").text
    assert "Four steps to the first email" in page
    assert "/clients/new" in page


def test_emails_of_today_are_listed_with_the_clients_own_time(
    owner: Colleague, world: World, maya: str
) -> None:
    page = owner.get("/today").text
    assert "1 email today" in page
    assert "A gentle plan for this evening" in page
    assert "17:00" in page
    assert "Four steps" not in page


def test_a_silent_scheduler_is_said_in_red_and_a_living_one_is_not(owner: Colleague, world: World) -> None:
    assert "Nothing is being sent" in owner.get("/today").text
    unshifted = world.app.clock.unshifted()
    for age, silent in ((timedelta(seconds=20), False), (timedelta(minutes=6), True)):
        with world.app.transaction() as db:
            settings.beat(db, unshifted - age, "sweep")
        assert ("silent for 6 minutes" in owner.get("/today").text) == silent


def test_a_mail_server_that_does_not_answer_is_said_instead_of_that_sending_works(
    owner: Colleague, world: World, maya: str
) -> None:
    unshifted = world.app.clock.unshifted()
    with world.app.transaction() as db:
        settings.beat(db, unshifted, "sweep")
    assert "Sending works." in owner.get("/today").text
    due = world.messages(maya)[0]
    with world.app.transaction() as db:
        row = db.get_one(Message, due.id)
        row.reason, row.planned_for = "smtp_unreachable", world.app.clock.now() - timedelta(minutes=5)
    page = owner.get("/today").text
    assert "Sending works." not in page
    assert "1 email waits:</strong> the mail server does not answer (since today, " in page


def test_holds_pauses_and_missing_consent_need_somebody(owner: Colleague, world: World, maya: str) -> None:
    zoe = world.add_client("zoe@example.com", topics=(), first_name="Zoe")
    now = world.app.clock.now()
    world.log_session(zoe, now)
    world.app.drain()
    with world.app.transaction() as db:
        clients.hold(db, world.clinic_id, maya, reason="talk first", by="test", now=now)
        sequences.pause(db, world.clinic_id, "after-your-visit", by="test", now=now)
    page = owner.get("/today").text
    assert "is on hold" in page
    assert "No consent from" in page
    assert "is paused" in page


def in_doubt(world: World, maya: str) -> str:
    """One of Maya's emails, twice in doubt."""
    first = world.messages(maya)[0]
    with world.app.transaction() as db:
        row = db.get_one(Message, first.id)
        row.state, row.reason, row.resends = MessageState.HELD, "ambiguous", 1
    return first.id


def test_an_email_in_doubt_is_sent_again_or_left_out_by_a_person(world: World, maya: str) -> None:
    therapist = colleague(world, "therapist")
    message_id = in_doubt(world, maya)
    assert "Send it once more" in therapist.get("/today").text
    assert therapist.post(f"/messages/{message_id}/settle", {"send": "true"}).status_code == 303
    first = world.messages(maya)[0]
    assert (first.state, first.reason) == ("planned", "resend_after_doubt")
    assert therapist.post(f"/messages/{message_id}/settle", {"send": "false"}).status_code == 409


def test_an_email_in_doubt_that_is_too_late_can_only_be_left_out(world: World, maya: str) -> None:
    message_id = in_doubt(world, maya)
    world.app.clock.advance(timedelta(days=3))
    therapist = colleague(world, "therapist")
    assert "Send it once more" not in therapist.get("/today").text
    assert therapist.post(f"/messages/{message_id}/settle", {"send": "true"}).status_code == 409
    assert therapist.post(f"/messages/{message_id}/settle", {"send": "false"}).status_code == 303
    assert world.messages(maya)[0].state == "skipped"


def test_an_owner_reads_that_no_emails_follow_a_session_yet_and_where_that_changes(
    owner: Colleague, world: World
) -> None:
    sentence = "nobody gets emails after a visit yet"
    assert sentence not in owner.get("/today").text
    with world.app.transaction() as db:
        for one in published(db, world.clinic_id):
            one.version.state = "draft"
    page = owner.get("/today").text
    assert sentence in page
    assert "It goes live under Sequences. As drafts wait: “After" in page
    assert sentence not in colleague(world, "therapist").get("/today").text
