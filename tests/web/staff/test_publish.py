"""Reviewing, publishing and going back."""

import re
from datetime import timedelta

from aftercare.flows import drafts
from aftercare.models import Clinic, Message
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import draft_of, form_to, send

PATH = "/sequences/after-your-visit"
WALK = f"{PATH}/steps/short-walk"
PEN = f"{PATH}/steps/two-minutes-with-a-pen"


def walk(world: World, client_id: str) -> Message:
    """Her email of the third step, as it stands."""
    return next(row for row in world.messages(client_id) if row.step_key == "short-walk")


def live(world: World) -> int | None:
    """The number of the live version."""
    with world.app.reading() as db:
        found = drafts.live(db, world.clinic_id, "after-your-visit")
    return found.number if found else None


def changed(owner: Colleague) -> str:
    """The review of a draft in which the walk comes a day later; its page."""
    draft_of(owner)
    send(owner, PATH, f"{WALK}/when", amount="4", at="09:15")
    return owner.get(f"{PATH}/publish").text


def test_the_review_says_what_changes_for_whom_and_when(world: World, maya: str, owner: Colleague) -> None:
    ana = world.add_client("ana@example.com", first_name="Ana <b>🌿")
    world.log_session(ana, world.app.clock.now())
    world.app.drain()
    page = changed(owner)
    send(owner, PEN, PEN, act="save", yours__paragraphs="We keep none of it <3 and")
    page = owner.get(f"{PATH}/publish").text
    for words in (
        "goes out 4 days after the visit at 09:15, was 3 days after the visit at 10:00",
        "We do not see what you write.",
        "We keep none of it &lt;3 and",
        "Every email can be made",
        "No clinician has reviewed these texts.",
        "2 people are part-way",
        "Ana &lt;b&gt;🌿",
        "Thu 26 Nov, 10:00",
        "Fri 27 Nov, 09:15",
        "Publish version 2",
        'value="keep" checked',
    ):
        assert words in page, words
    # The next client by the draft, from now on.
    shown = page[page.index('id="next"') :]
    assert re.findall(r"nowrap\">(.*?)<", shown)[2] == "Fri 27 Nov, 09:15"


def test_keeping_leaves_people_as_they_are(world: World, maya: str, owner: Colleague) -> None:
    changed(owner)
    before = walk(world, maya).planned_for
    page = send(owner, f"{PATH}/publish", f"{PATH}/publish")
    assert "Version 2 is live. 1 person stays on the version before." in page
    assert live(world) == 2
    assert walk(world, maya).planned_for == before
    assert "Nothing to publish" not in page
    assert owner.get(f"{PATH}/publish").headers["location"] == PATH


def test_moving_brings_people_along(world: World, maya: str, owner: Colleague) -> None:
    changed(owner)
    before = walk(world, maya).planned_for
    page = send(owner, f"{PATH}/publish", f"{PATH}/publish", in_flight="move")
    assert "Version 2 is live. 1 run was moved to it." in page
    moved = [row for row in world.messages(maya) if row.step_key == "short-walk" and row.state == "planned"]
    assert [row.planned_for for row in moved] == [before + timedelta(hours=23, minutes=15)]


def test_an_email_that_cannot_be_made_keeps_the_draft_from_going_live(world: World, owner: Colleague) -> None:
    draft_of(owner)
    send(owner, PEN, PEN, act="save", yours__paragraphs="Ring {{ clinic.phone }}")
    form = form_to(owner.get(f"{PATH}/publish").text, f"{PATH}/publish")
    with world.app.transaction() as db:
        db.get_one(Clinic, world.clinic_id).phone = ""
    page = owner.get(f"{PATH}/publish").text
    assert "This sequence cannot go live yet." in page
    assert "the clinic has no telephone number yet" in page
    assert 'data-busy="Publishing..." disabled' in page
    answer = owner.post(f"{PATH}/publish", form)
    assert answer.status_code == 422
    assert "the clinic has no telephone number yet" in answer.text
    assert live(world) == 1


def test_what_was_reviewed_is_what_goes_live(world: World, owner: Colleague) -> None:
    changed(owner)
    form = form_to(owner.get(f"{PATH}/publish").text, f"{PATH}/publish")
    send(colleague(world, "editor"), PATH, f"{WALK}/when", amount="5")
    answer = owner.post(f"{PATH}/publish", form)
    assert answer.status_code == 409
    assert "Robin changed this draft" in answer.text
    assert live(world) == 1
    assert owner.post(f"{PATH}/publish", form | {"in_flight": "burst"}).status_code == 422


def test_an_older_version_comes_back_through_the_draft(world: World, maya: str, owner: Colleague) -> None:
    changed(owner)
    send(owner, f"{PATH}/publish", f"{PATH}/publish")
    page = owner.get(f"{PATH}/versions").text
    assert "The first version." in page
    assert "goes out 4 days after the visit at 09:15, was 3 days" in page
    assert "Published Mon 23 Nov, 14:00 by Robin" in page
    page = send(owner, f"{PATH}/versions", f"{PATH}/versions/1/restore")
    assert "The draft says what version 1 said." in page
    assert "differs from live version 2 in 1 place" in page
    assert live(world) == 2
    # A second time it takes the place of a draft, which the page knows.
    send(owner, PATH, f"{WALK}/when", amount="7")
    send(owner, f"{PATH}/versions", f"{PATH}/versions/2/restore")
    assert "says the same as live version 2" in owner.get(PATH).text
    assert owner.post(f"{PATH}/versions/9/restore", {"revision": "0"}).status_code == 404
    assert owner.post(f"{PATH}/versions/1/restore", {"revision": "1"}).status_code == 409


def test_to_the_end_of_the_run_nobody_who_was_moved_gets_a_step_twice(
    world: World, maya: str, owner: Colleague
) -> None:
    pass_time(world.app, world.app.clock.now() + timedelta(days=3, hours=20))
    owner = colleague(world)
    draft_of(owner)
    send(owner, PATH, f"{PATH}/move", item="short-walk", position="4")
    send(owner, PATH, f"{WALK}/when", amount="8")
    send(owner, f"{PATH}/publish", f"{PATH}/publish", in_flight="move")
    pass_time(world.app, world.app.clock.now() + timedelta(days=20))
    sent = [row.step_key for row in world.messages(maya) if row.sent_at]
    assert len(sent) == len(set(sent)) == 5
