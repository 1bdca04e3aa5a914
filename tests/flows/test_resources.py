"""The resource library: who keeps it, what keeps an email from going live, and what has left stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aftercare.errors import Conflict, ContentError, InvalidInput, NotFound
from aftercare.flows import clinics, editing, publishing, resource_shelf, resources
from aftercare.flows.copies import exact_copy
from aftercare.flows.resources import Particulars
from aftercare.models import Clinic, Resource
from aftercare.store import audit
from aftercare.store import resources as rows
from tests.factories import CLINIC
from tests.journeys.harness import Journey
from tests.journeys.versions import Edit, change, edit, publish

TEA = Particulars("Tea & Talk, Leeds", "https://tea.example.org/", "local_service", "en", "England")
WALK = "short-walk"


def add(journey: Journey, new: Particulars = TEA, slug: str = "") -> Resource:
    """A new entry."""
    with journey.app.transaction() as db:
        return resources.add(db, journey.clinic_id, new, slug=slug, by="noor", now=journey.now)


def get(journey: Journey, row: Resource) -> Resource:
    """The entry as it is now."""
    with journey.app.reading() as db:
        return rows.get(db, journey.clinic_id, row.id)


def linking_to(slug: str, step: str = WALK) -> Edit:
    """An email that links to this entry alone."""
    fields = {"heading": "Near you", "links": [{"resource": slug, "text": "If it suits."}]}
    return edit(editing.add_block, step, "resource_list", fields)


def test_an_entry_is_added_as_seen_today_under_a_name_of_its_own(journey: Journey) -> None:
    row = add(journey)
    assert (row.slug, row.country, row.kind) == ("tea-talk-leeds", "GB", "local_service")
    assert row.last_checked == journey.now.date()
    assert add(journey, replace(TEA, url="https://other.example.org")).slug == "tea-talk-leeds-2"
    assert add(journey, Particulars("ليلى", "https://third.example.org")).slug == "entry"
    with pytest.raises(Conflict, match="already, as “Tea & Talk, Leeds”"):
        add(journey)
    with pytest.raises(Conflict, match="'tea-talk-leeds' already"):
        add(journey, replace(TEA, url="https://fourth.example.org"), slug="tea-talk-leeds")


def test_today_is_the_clinics_day(journey: Journey) -> None:
    with journey.app.transaction() as db:
        db.get_one(Clinic, journey.clinic_id).timezone = "Pacific/Auckland"
    assert add(journey).last_checked == journey.now.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "Hello {{ first_name }}"),
        ("title", "Two\nlines"),
        ("title", "a" * 121),
        ("url", "http://tea.example.org"),
        ("url", "tea.example.org"),
        ("kind", "shop"),
        ("language", "English"),
        ("country", "Atlantis"),
        ("note", "\0"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_added(journey: Journey, field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        add(journey, replace(TEA, **{field: value}))
    assert caught.value.field == field
    with journey.app.reading() as db:
        assert rows.all_of(db, journey.clinic_id) == []


def test_every_act_is_in_the_trail_without_its_words(journey: Journey) -> None:
    row = add(journey)
    act = {"by": "noor", "now": journey.now}
    with journey.app.transaction() as db:
        resources.change(db, journey.clinic_id, row.id, replace(TEA, note="Ask for Ann"), **act)
        resources.change(db, journey.clinic_id, row.id, replace(TEA, note="Ask for Ann"), **act)
        resources.mark_dead(db, journey.clinic_id, row.id, **act)
        resources.mark_dead(db, journey.clinic_id, row.id, **act)
        resources.mark_checked(db, journey.clinic_id, row.id, **act)
        resources.remove(db, journey.clinic_id, row.id, **act)
        db.flush()
        trail = audit.of_subject(db, journey.clinic_id, row.id)
    found = sorted(entry.action.removeprefix("resource.") for entry in trail)
    assert found == ["added", "changed", "checked", "dead", "removed"]
    assert "Ann" not in str([entry.detail for entry in trail])


def test_a_new_address_has_been_looked_at_and_works(journey: Journey) -> None:
    row, then = add(journey), journey.now + timedelta(days=90)
    with journey.app.transaction() as db:
        resources.mark_dead(db, journey.clinic_id, row.id, by="noor", now=then)
        resources.change(db, journey.clinic_id, row.id, replace(TEA, title="Tea"), by="noor", now=then)
    assert (get(journey, row).is_dead, get(journey, row).last_checked) == (True, journey.now.date())
    new = replace(TEA, url="https://new.example.org")
    with journey.app.transaction() as db:
        resources.change(db, journey.clinic_id, row.id, new, by="noor", now=then)
    assert (get(journey, row).is_dead, get(journey, row).last_checked) == (False, then.date())


def test_another_clinics_entries_do_not_exist(journey: Journey) -> None:
    row = add(journey)
    with journey.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC, name="Elsewhere"), by="test", now=journey.now).id
    acts = (resources.mark_checked, resources.mark_dead, resources.remove)
    for act in acts:
        with journey.app.transaction() as db, pytest.raises(NotFound):
            act(db, other, row.id, by="sam", now=journey.now)
    with journey.app.transaction() as db, pytest.raises(NotFound):
        resources.change(db, other, row.id, TEA, by="sam", now=journey.now)
    with journey.app.transaction() as db:
        assert resource_shelf.library_of(db, journey.app, other).resources == {}
        resources.add(db, other, TEA, by="sam", now=journey.now)


@pytest.mark.parametrize(
    ("wrong", "fix"),
    [
        ("unknown", "Add it, or take it out"),
        ("dead", "Correct its address"),
        ("expired", "Follow the link"),
        ("not_https", "Correct it in the library"),
    ],
)
def test_what_no_client_should_be_sent_to_keeps_a_draft_from_going_live(
    journey: Journey, wrong: str, fix: str
) -> None:
    row = add(journey)
    change(journey, linking_to("nowhere" if wrong == "unknown" else row.slug))
    with journey.app.transaction() as db:
        stored = db.get_one(Resource, row.id)
        if wrong == "dead":
            stored.dead_since = journey.now
        if wrong == "expired":
            stored.last_checked -= timedelta(days=366)
        if wrong == "not_https":
            stored.url = "http://tea.example.org"
    with pytest.raises(ContentError, match=fix) as caught:
        publish(journey, in_flight="keep")
    assert "resource-list" in str(caught.value)
    assert ("nowhere" if wrong == "unknown" else TEA.title) in str(caught.value)


def test_what_works_goes_live_and_is_received(journey: Journey) -> None:
    row = add(journey)
    publish(journey, linking_to(row.slug, "evening-plan"), in_flight="keep")
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=6)
    [letter] = journey.server.received
    assert b"https://tea.example.org/" in letter.content


def test_what_has_left_stays_as_it_was_and_what_follows_is_new(journey: Journey) -> None:
    row = add(journey)
    publish(journey, linking_to(row.slug, "evening-plan"), in_flight="keep")
    maya, zoe = journey.add_client(), journey.add_client("zoe@example.com")
    journey.visit(maya)
    journey.live(hours=6)
    new = replace(TEA, title="Coffee", url="https://coffee.example.org/")
    with journey.app.transaction() as db:
        resources.change(db, journey.clinic_id, row.id, new, by="noor", now=journey.now)
    journey.app.skeletons.clear()
    journey.visit(zoe)
    journey.live(hours=24)
    first = next(one.content for one in journey.server.received if one.rcpt_tos == ("maya@example.com",))
    hers = next(one.content for one in journey.server.received if one.rcpt_tos == ("zoe@example.com",))
    assert (b"tea.example.org" in first, b"coffee.example.org" in hers) == (True, True)
    assert (b"coffee.example.org" in first, b"tea.example.org" in hers) == (False, False)
    sent = min((one for one in journey.messages(maya) if one.sent_at), key=lambda one: one.planned_for)
    with journey.app.reading() as db:
        assert exact_copy(db, journey.app, journey.clinic_id, sent.id) == first


def test_what_is_marked_dead_is_left_out_of_live_emails_that_go_out_all_the_same(journey: Journey) -> None:
    row = add(journey)
    publish(journey, linking_to(row.slug, "evening-plan"), in_flight="keep")
    with journey.app.transaction() as db:
        resources.mark_dead(db, journey.clinic_id, row.id, by="noor", now=journey.now)
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=6)
    [letter] = journey.server.received
    assert b"tea.example.org" not in letter.content
    assert b"Near you" in letter.content
    assert b"finding-someone-to-talk-to" in letter.content


def test_an_entry_goes_only_when_no_email_needs_it(journey: Journey) -> None:
    row = add(journey)

    def remove() -> None:
        with journey.app.transaction() as db:
            resources.remove(db, journey.clinic_id, row.id, by="noor", now=journey.now)

    change(journey, linking_to(row.slug))
    with pytest.raises(Conflict, match=f"After your visit, {WALK}"):
        remove()
    publish(journey, in_flight="keep")
    with pytest.raises(Conflict, match=WALK):
        remove()
    maya = journey.add_client()
    journey.visit(maya)
    publish(journey, edit(editing.remove_block, WALK, "resource-list"), in_flight="keep")
    # Her email still comes from the version before.
    with pytest.raises(Conflict, match=WALK):
        remove()
    journey.live(days=15)
    remove()
    with journey.app.reading() as db:
        assert rows.all_of(db, journey.clinic_id) == []


def test_the_library_lists_what_is_used_where_and_our_own_pages(journey: Journey) -> None:
    row = add(journey)
    change(journey, linking_to(row.slug))
    later = journey.now.date() + timedelta(days=181)
    with journey.app.reading() as db:
        mine, *ours = resource_shelf.listed(db, journey.app.library, journey.clinic_id, today=later)
        same = publishing.check_emails(db, journey.app, journey.clinic_id, _draft(journey))
    assert (mine.title, mine.used_in, mine.fault, mine.needs_a_look) == (
        TEA.title,
        (f"After your visit, {WALK}",),
        None,
        True,
    )
    assert {one.slug for one in ours} == set(journey.app.library.guides)
    assert all(one.id == "" and one.fault is None and one.languages == ("en", "es") for one in ours)
    assert any(one.used_in for one in ours)
    assert same == []


def _draft(journey: Journey) -> publishing.drafts.SequenceFiles:
    with journey.app.reading() as db:
        found = publishing.drafts.draft(db, journey.clinic_id, "after-your-visit")
    assert found is not None
    return found.files
