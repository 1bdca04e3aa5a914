"""The draft beside what is live, older versions, and two editors at once."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from aftercare.errors import Conflict, ContentError, InvalidInput, NotFound
from aftercare.flows import drafts, editing, publishing, sequences
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.models import AuditEntry, EmailVersion, Sequence, StepRow
from aftercare.store import sequences as rows
from tests.flows.shelf import all_shipped, shipped, with_head
from tests.journeys.harness import Journey
from tests.journeys.versions import SLUG, edit

WALK = "short-walk"
NEW_SUBJECT = edit(editing.set_lines, WALK, subject="Out for a bit")


def _open(journey: Journey) -> drafts.Version:
    with journey.app.transaction() as db:
        return drafts.open_draft(db, journey.clinic_id, SLUG, by="sam", now=journey.now)


def _save(journey: Journey, files: SequenceFiles, revision: int | None) -> drafts.Version:
    with journey.app.transaction() as db:
        return drafts.save_draft(db, journey.clinic_id, files, revision=revision, by="sam", now=journey.now)


def _publish(journey: Journey, slug: str = SLUG, revision: int | None = None) -> int:
    with journey.app.transaction() as db:
        draft = publishing.check_draft(db, journey.app, journey.clinic_id, slug, revision=revision)
        return publishing.publish_draft(db, journey.clinic_id, draft, by="sam", now=journey.now).number


def _draft(journey: Journey, slug: str = SLUG) -> drafts.Version | None:
    with journey.app.reading() as db:
        return drafts.draft(db, journey.clinic_id, slug)


def _live(journey: Journey, slug: str = SLUG) -> drafts.Version | None:
    with journey.app.reading() as db:
        return drafts.live(db, journey.clinic_id, slug)


def _count(journey: Journey, table: type[EmailVersion]) -> int:
    with journey.app.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_draft_says_what_is_live_until_it_is_changed_and_leaves_that_alone(journey: Journey) -> None:
    live = _live(journey)
    opened = _open(journey)
    assert live is not None
    assert live.files == opened.files == shipped()
    saved = _save(journey, NEW_SUBJECT(opened.files), opened.revision)
    assert (saved.number, saved.state, saved.revision) == (0, "draft", 2)
    assert _live(journey) == live
    assert _open(journey) == saved
    assert _publish(journey) == 2
    assert _draft(journey) is None
    now_live = _live(journey)
    assert now_live is not None
    assert now_live.files == saved.files


def test_only_an_email_that_changes_is_stored_anew_and_no_saved_draft_is_left_over(journey: Journey) -> None:
    before = _count(journey, EmailVersion)
    version = _open(journey)
    assert _count(journey, EmailVersion) == before
    for number in range(4):
        files = editing.set_lines(version.files, WALK, subject=f"Out for {number} minutes")
        version = _save(journey, files, version.revision)
    assert _count(journey, EmailVersion) == before + 1
    _publish(journey)
    assert _count(journey, EmailVersion) == before + 1
    with journey.app.transaction() as db:
        sequence = rows.require(db, journey.clinic_id, SLUG)
        old, new = (rows.numbered(db, sequence.id, number) for number in (1, 2))
        assert old is not None
        assert new is not None
        emails = [{k: one.id for k, one in rows.emails_of(db, v.id).items()} for v in (old, new)]
    assert [key for key in emails[0] if emails[0][key] != emails[1][key]] == [WALK]


def test_of_two_editors_the_second_one_is_told(journey: Journey) -> None:
    opened = _open(journey)
    _save(journey, NEW_SUBJECT(opened.files), opened.revision)
    with pytest.raises(Conflict, match="Somebody else changed this draft meanwhile"):
        _save(journey, editing.remove_step(opened.files, WALK), opened.revision)
    with pytest.raises(Conflict, match="Somebody else"):
        _save(journey, opened.files, None)
    with pytest.raises(Conflict, match="Somebody else"):
        _publish(journey, revision=opened.revision)


def test_saving_the_same_again_is_no_change(journey: Journey) -> None:
    opened = _open(journey)
    assert _save(journey, opened.files, opened.revision).revision == opened.revision


def test_an_older_version_comes_back_as_a_draft(journey: Journey) -> None:
    opened = _open(journey)
    _save(journey, NEW_SUBJECT(opened.files), opened.revision)
    _publish(journey)
    with journey.app.transaction() as db:
        lines = drafts.versions(db, journey.clinic_id, SLUG)
        restored = drafts.restore(db, journey.clinic_id, SLUG, 1, by="sam", now=journey.now)
    assert [(line.number, line.state) for line in lines] == [(2, "published"), (1, "retired")]
    assert restored.files == shipped()
    with journey.app.transaction() as db:
        with pytest.raises(Conflict, match="Publish or discard it first"):
            drafts.restore(db, journey.clinic_id, SLUG, 2, by="sam", now=journey.now)
        again = drafts.restore(
            db, journey.clinic_id, SLUG, 2, revision=restored.revision, by="sam", now=journey.now
        )
    assert again.files == NEW_SUBJECT(shipped())
    with journey.app.transaction() as db, pytest.raises(NotFound, match="no version 7"):
        drafts.restore(db, journey.clinic_id, SLUG, 7, by="sam", now=journey.now)


def test_a_discarded_draft_is_gone_and_nothing_else(journey: Journey) -> None:
    live = _live(journey)
    _save(journey, NEW_SUBJECT(shipped()), None)
    with journey.app.transaction() as db:
        drafts.discard_draft(db, journey.clinic_id, SLUG, by="sam", now=journey.now)
    assert (_draft(journey), _live(journey)) == (None, live)
    with journey.app.transaction() as db, pytest.raises(NotFound, match="no draft"):
        drafts.discard_draft(db, journey.clinic_id, SLUG, by="sam", now=journey.now)
    with pytest.raises(NotFound, match="no draft"):
        _publish(journey)


def test_what_is_imported_for_the_first_time_is_a_draft_that_nobody_is_sent(journey: Journey) -> None:
    files = shipped()
    mine = replace(files, slug="mine", raw={**files.raw, "name": "Mine"})
    _save(journey, mine, None)
    with journey.app.reading() as db:
        overview = {one.slug: one for one in drafts.overview(db, journey.clinic_id)}
    assert (overview["mine"].live, overview["mine"].draft, overview["mine"].people) == (None, True, 0)
    assert (overview[SLUG].live, overview[SLUG].draft) == (1, False)
    assert _live(journey, "mine") is None
    assert _publish(journey, "mine") == 1


def test_a_sequence_that_was_never_published_is_discarded_with_its_draft(journey: Journey) -> None:
    _save(journey, replace(shipped(), slug="mine"), None)
    with journey.app.transaction() as db:
        drafts.discard_draft(db, journey.clinic_id, "mine", by="sam", now=journey.now)
    with pytest.raises(NotFound, match="no sequence 'mine'"):
        _live(journey, "mine")


def test_the_names_that_are_live_change_only_by_publishing(journey: Journey) -> None:
    _save(journey, with_head(shipped(), {"public_name": "After you were here"}), None)
    query = select(Sequence.public_name).where(Sequence.slug == SLUG)
    with journey.app.reading() as db:
        assert db.scalar(query) == "Emails after your visit"
    _publish(journey)
    with journey.app.reading() as db:
        assert db.scalar(query) == "After you were here"


def test_each_act_is_in_the_audit_trail(journey: Journey) -> None:
    opened = _open(journey)
    _save(journey, NEW_SUBJECT(opened.files), opened.revision)
    _publish(journey)
    with journey.app.transaction() as db:
        drafts.restore(db, journey.clinic_id, SLUG, 1, by="sam", now=journey.now)
        drafts.discard_draft(db, journey.clinic_id, SLUG, by="sam", now=journey.now)
    with journey.app.reading() as db:
        entries = list(db.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    said = {entry.action.removeprefix("sequence.") for entry in entries if entry.actor == "sam"}
    assert said == {"draft_opened", "draft_saved", "published", "draft_restored", "draft_discarded"}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (edit(editing.add_block, WALK, "prompt", {"from": ["J99"]}), r"Step 3 \(.*\): prompt: no prompt J99"),
        (edit(editing.add_block, WALK, "prompt", {"from": ["J14", "J99"]}), "no prompt J99"),
        (
            edit(editing.add_block, WALK, "resource_list", {"links": [{"guide": "nowhere", "text": "Go."}]}),
            "resource-list: no guide nowhere",
        ),
        (edit(with_head, {"public_name": None}), "public_name"),
        (edit(with_head, {"topic": "gossip"}), "topic"),
    ],
)
def test_a_broken_email_does_not_go_live(journey: Journey, change: object, names: str) -> None:
    assert callable(change)
    _save(journey, change(shipped()), None)
    with pytest.raises(ContentError, match=names):
        _publish(journey)
    assert _draft(journey) is not None
    live = _live(journey)
    assert live is not None
    assert live.number == 1


def test_every_shipped_sequence_could_go_live(journey: Journey) -> None:
    with journey.app.reading() as db:
        found = [publishing.check_emails(db, journey.app, journey.clinic_id, one) for one in all_shipped()]
    assert found == [[] for _ in all_shipped()]


def test_a_translation_that_cannot_be_made_is_found_before_publishing(journey: Journey) -> None:
    files = shipped()
    walk = files.emails["short-walk"]
    spanish = json.loads(json.dumps(walk.translations["es"]).replace('"walking"', '"swimming"'))
    broken = replace(walk, translations={"es": spanish})
    files = replace(files, emails={**files.emails, "short-walk": broken})
    with journey.app.reading() as db:
        problems = publishing.check_emails(db, journey.app, journey.clinic_id, files)
    assert [problem.step for problem in problems] == ["short-walk"]
    assert "no guide swimming" in problems[0].text


@pytest.mark.parametrize("head", [{"purpose": "care"}, {"trigger": {"on": "session.logged"}}])
def test_the_email_that_asks_for_consent_stays_what_it_is(journey: Journey, head: dict[str, object]) -> None:
    asking = shipped("consent-request")
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, asking, by="sam", now=journey.now)
    changed = with_head(asking, head)
    _save(journey, changed, None)
    with pytest.raises(ContentError, match="asks for consent"):
        _publish(journey, asking.slug)
    with journey.app.transaction() as db, pytest.raises(ContentError, match="asks for consent"):
        sequences.publish(db, journey.clinic_id, changed, by="sam", now=journey.now)


def test_publishing_offers_two_choices(journey: Journey) -> None:
    opened = _open(journey)
    with pytest.raises(InvalidInput, match="keep, move"), journey.app.transaction() as db:
        publishing.publish_draft(db, journey.clinic_id, opened, in_flight="drop", by="sam", now=journey.now)


def test_a_draft_that_changed_after_its_emails_were_checked_does_not_go_live(journey: Journey) -> None:
    opened = _open(journey)
    with journey.app.reading() as db:
        checked = publishing.check_draft(db, journey.app, journey.clinic_id, SLUG)
    changed = editing.set_wait(opened.files, "short-walk", {"days": 9, "at": "10:00"})
    _save(journey, changed, opened.revision)
    with pytest.raises(Conflict, match="meanwhile"), journey.app.transaction() as db:
        publishing.publish_draft(db, journey.clinic_id, checked, by="sam", now=journey.now)
    live = _live(journey)
    assert live is not None
    assert live.number == 1


def test_files_can_still_be_published_past_a_draft(journey: Journey) -> None:
    opened = _open(journey)
    with journey.app.transaction() as db:
        version = sequences.publish(db, journey.clinic_id, shipped(), by="sam", now=journey.now)
    assert version.number == 2
    assert _draft(journey) == opened
    assert _publish(journey) == 3
    with journey.app.reading() as db:
        assert db.scalar(select(func.count()).select_from(StepRow)) >= 6 + 3 * 5
