"""The sequences of a clinic, step by step; changes go into the draft alone."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aftercare.flows import clinics, drafts, sequences
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.paths import templates_root
from tests.factories import CLINIC, World
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import draft_of, form_to, send

PATH = "/sequences/after-your-visit"
WALK = f"{PATH}/steps/short-walk"


def draft(world: World) -> SequenceFiles:
    """What the draft says."""
    with world.app.reading() as db:
        found = drafts.draft(db, world.clinic_id, "after-your-visit")
    assert found is not None
    return found.files


def step(world: World, key: str) -> dict[str, Any]:
    """The rule of a step of the draft."""
    return next(dict(one) for one in draft(world).raw["steps"] if one["key"] == key)


def keys(world: World) -> list[str]:
    """The steps of the draft in order."""
    return [one["key"] for one in draft(world).raw["steps"]]


def test_the_list_says_what_each_does_and_how_much_is_on_its_way(
    world: World, maya: str, owner: Colleague
) -> None:
    with world.app.transaction() as db:
        ask = sequences.read_folder(templates_root() / "sequences" / "en" / "consent-request")
        sequences.publish(db, world.clinic_id, ask, by="test", now=world.app.clock.now())
    draft_of(owner)
    page = owner.get("/sequences").text
    for words in (
        "After your visit",
        "After a visit with strong feelings",
        "Starts when an ordinary session is logged. 5 emails.",
        "1 person is part-way, 4 emails planned for the next 7 days",
        "Nobody is part-way.",
        "Version 1 is live",
        ">Draft<",
        "aftercare sequence import",
    ):
        assert words in page, words
    assert "consent-request" not in page
    assert page.count("/pictures/email/emv_") == 11


def test_a_paused_sequence_says_since_when_and_who_waits_until_it_goes_on(
    world: World, maya: str, owner: Colleague
) -> None:
    assert "1 person waits" in send(owner, "/sequences", f"{PATH}/pause")
    assert {row.state for row in world.messages(maya)} == {"held"}
    page = owner.get("/sequences").text
    assert "Paused since Mon 23 Nov, 14:00" in page
    assert "1 person waits; what gets too late is left out." in page
    assert "Nothing of it goes out" in owner.get(PATH).text
    assert "It goes on" in send(owner, "/sequences", f"{PATH}/resume")
    assert {row.state for row in world.messages(maya)} == {"planned"}


def test_the_dates_are_an_examples_or_those_of_somebody_who_is_part_way(
    world: World, maya: str, owner: Colleague
) -> None:
    ana = world.add_client("ana@example.com", first_name="Ana <b>🌿", timezone="Asia/Kathmandu")
    world.log_session(ana, world.app.clock.now() - timedelta(days=1))
    world.app.drain()
    assert [when(page) for page in (owner.get(PATH).text, owner.get(f"{PATH}?client={ana}").text)] == [
        ["Mon 23 Nov 18:00", "Tue 24 Nov 18:00", "Thu 26 Nov 10:00", "Sun 29 Nov 18:00", "Thu 3 Dec 10:00"],
        ["Mon 23 Nov 09:30", "Tue 24 Nov 18:00", "Wed 25 Nov 10:00", "Sat 28 Nov 18:00", "Wed 2 Dec 10:00"],
    ]
    page = owner.get(f"{PATH}?client={ana}").text
    assert "Ana &lt;b&gt;🌿, visit Sun 22 Nov, 19:45" in page
    assert "own, in Kathmandu" in page
    nobody = world.add_client("nobody@example.com")
    assert owner.get(f"{PATH}?client={nobody}").status_code == 404


def when(page: str) -> list[str]:
    """The dates that stand beside the steps."""
    return [" ".join(found) for found in re.findall(r'<p class="date">(.*?)</p><p>(.*?)</p>', page)]


def test_editing_begins_with_a_draft_and_never_touches_what_is_live(
    world: World, maya: str, owner: Colleague
) -> None:
    before = [(row.id, row.planned_for) for row in world.messages(maya)]
    live = owner.get(PATH).text
    assert "live version 1" in live
    assert "Move down" not in live
    draft_of(owner)
    page = send(owner, PATH, f"{WALK}/when", amount="4", at="09:15")
    assert "differs from live version 1 in 1 place" in page
    assert "goes out 4 days after the visit at 09:15, was 3 days after the visit at 10:00" in page
    assert "Fri 27 Nov" in page
    assert [(row.id, row.planned_for) for row in world.messages(maya)] == before
    live = owner.get(f"{PATH}?live=true").text
    assert "3 days after the visit, at 10:00 their time" in live
    assert "There is also a draft." in live


def test_the_sentence_becomes_the_rule_and_is_shown_again_as_it_was_meant(
    world: World, owner: Colleague
) -> None:
    draft_of(owner)
    was = step(world, "short-walk")
    send(owner, PATH, f"{WALK}/when", amount="6", unit="hours", else_at="09:30", days=["mon", "tue"])
    changed = was | {"wait": {"hours": 6, "else_at": "09:30"}, "only_on": ["mon", "tue"]}
    assert step(world, "short-walk") == changed
    send(owner, PATH, f"{WALK}/when")
    assert step(world, "short-walk") == changed


def test_a_sentence_that_means_nothing_is_not_saved_and_stays_as_it_was_typed(
    world: World, owner: Colleague
) -> None:
    draft_of(owner)
    was = step(world, "short-walk")
    fields = form_to(owner.get(PATH).text, f"{WALK}/when") | {"else_at": ["07:07"]}
    wrong: tuple[tuple[dict[str, list[str]], str], ...] = (
        ({"amount": ["soon"]}, "write a whole number such as 3"),
        ({"at": ["25:00"]}, "is not a time of day"),
        ({"days": []}, "choose at least one day of the week"),
    )
    for typed, says in wrong:
        answer = owner.post(f"{WALK}/when", fields | typed)
        assert answer.status_code == 422
        assert says in answer.text.replace("&#39;", "'")
        assert 'value="07:07"' in answer.text
    assert step(world, "short-walk") == was


def test_conditions_that_the_sentence_has_no_gap_for_stay(world: World, owner: Colleague) -> None:
    draft_of(owner)
    kept = {"fact": "outcome", "is": "ordinary"}
    with world.app.transaction() as db:
        found = drafts.draft(db, world.clinic_id, "after-your-visit")
        assert found is not None
        raw = {**found.files.raw, "steps": [dict(one) for one in found.files.raw["steps"]]}
        raw["steps"][2] |= {"only_if": [kept], "window": "any"}
        drafts.save_draft(
            db,
            world.clinic_id,
            replace(found.files, raw=raw),
            revision=found.revision,
            by="test",
            now=world.app.clock.now(),
        )
    send(owner, PATH, f"{WALK}/when", visits="first")
    assert step(world, "short-walk")["only_if"] == [kept, {"fact": "first_session", "is": True}]
    assert step(world, "short-walk")["window"] == "any"


def test_steps_are_moved_added_and_removed(world: World, owner: Colleague) -> None:
    draft_of(owner)
    first, second, *rest = keys(world)
    page = send(owner, PATH, f"{PATH}/move", item=first, position="1")
    assert keys(world) == [second, first, *rest]
    assert "Goes out before the one above" in page
    page = send(owner, PATH, f"{PATH}/steps", after=second, subject="A & < new note ✨", amount="2")
    assert keys(world) == [second, "a-new-note", first, *rest]
    assert "A &amp; &lt; new note ✨" in page
    assert [block.type for block in draft(world).emails["a-new-note"].blocks][:2] == ["greeting", "note"]
    assert "Taken out of the draft" in send(owner, PATH, f"{PATH}/steps/{second}/remove")
    assert keys(world) == ["a-new-note", first, *rest]
    assert owner.post(f"{PATH}/move", {"item": first, "position": "first"}).status_code == 422
    fields = form_to(owner.get(PATH).text, f"{PATH}/steps") | {"subject": "For {{ first_name | there }}"}
    answer = owner.post(f"{PATH}/steps", fields)
    assert answer.status_code == 422
    assert "may be private" in answer.text
    assert "For {{ first_name | there }}" in answer.text


def test_whoever_was_overtaken_sees_by_whom_and_what_was_typed(world: World, owner: Colleague) -> None:
    draft_of(owner)
    page = owner.get(PATH).text
    send(colleague(world, "editor"), PATH, f"{WALK}/when", amount="5")
    mine = form_to(page, f"{PATH}/steps") | {"subject": "Words that <must> not be lost"}
    for path in (f"{PATH}/steps", f"{WALK}/when", f"{PATH}/discard"):
        answer = owner.post(path, mine)
        assert answer.status_code == 409, path
        assert "Words that &lt;must&gt; not be lost" in answer.text
        assert "Robin changed this draft just now" in answer.text
    assert step(world, "short-walk")["wait"]["days"] == 5


def test_a_draft_can_be_thrown_away(world: World, owner: Colleague) -> None:
    draft_of(owner)
    assert "The draft is gone" in send(owner, PATH, f"{PATH}/discard")
    assert "live version 1" in owner.get(PATH).text
    assert owner.post(f"{PATH}/discard", {"revision": "1"}).status_code == 409


def test_who_is_no_editor_may_look_and_change_nothing(world: World, owner: Colleague) -> None:
    draft_of(owner)
    viewer = colleague(world, "viewer")
    for page in ("", "/steps/short-walk", "/versions"):
        answer = viewer.get(PATH + page)
        assert answer.status_code == 200, page
        assert 'method="post" action="/sequences' not in answer.text, page
    assert viewer.get(f"{PATH}/publish").status_code == 403
    assert viewer.post(f"{WALK}/when", {"revision": "1"}).status_code == 403


def test_another_clinics_sequences_are_not_there(world: World, owner: Colleague) -> None:
    draft_of(owner)
    with world.app.transaction() as db:
        now = world.app.clock.now()
        other = clinics.add_clinic(db, replace(CLINIC, name="Elsewhere"), by="test", now=now).id
    neighbour = colleague(world, "owner", other)
    assert "No sequences yet" in neighbour.get("/sequences").text
    for page in ("", "/steps/short-walk", "/steps/short-walk/preview", "/versions", "/publish"):
        assert neighbour.get(PATH + page).status_code == 404, page
    for form in ("pause", "draft", "discard", "move", "steps/short-walk", "publish", "versions/1/restore"):
        sent = {"revision": "1", "item": "short-walk", "position": "0"}
        assert neighbour.post(f"{PATH}/{form}", sent).status_code == 404, form
    assert keys(world)[2] == "short-walk"


def test_names_that_cannot_be_are_not_found(owner: Colleague) -> None:
    for name in ("no-such-thing", "%00", "a%20b", "-x", "a" * 70):
        assert owner.get(f"/sequences/{name}").status_code == 404, name
        assert owner.get(f"{PATH}/steps/{name}").status_code == 404, name
