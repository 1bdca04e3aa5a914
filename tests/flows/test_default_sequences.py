"""The sequences that come with Aftercare: which a new clinic has live at once, and what the others do."""

from datetime import UTC, datetime, timedelta

import pytest

from aftercare.errors import ContentError
from aftercare.flows import editing, enrolments, sequences
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.paths import templates_root
from tests.flows.shelf import ROOT, all_shipped, shipped
from tests.journeys.harness import Journey

NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("files", all_shipped(), ids=lambda files: files.slug)
def test_every_shipped_sequence_may_go_live(files: SequenceFiles) -> None:
    sequences.check_head(files)


def test_a_new_clinic_has_live_what_begins_by_itself_and_the_question_of_consent(journey: Journey) -> None:
    with journey.app.transaction() as db:
        root = templates_root() / "sequences" / "en"
        live = sequences.publish_defaults(db, journey.clinic_id, root, by="sam", now=journey.now)
    assert live == ["after-a-tender-visit", "after-your-visit", "consent-request"]
    assert len(list(ROOT.iterdir())) > len(live)


def test_a_check_in_cannot_go_live_while_nobody_would_get_the_answer() -> None:
    files = editing.add_block(shipped(), "how-are-things", "check_in")
    with pytest.raises(ContentError, match=r"how-are-things\.yaml: the check-in 'check-in' .*contact block"):
        sequences.check_head(files)


def test_the_contacts_somebody_asked_for_leave_at_any_hour_and_no_promise_follows(journey: Journey) -> None:
    maya = journey.add_client()
    journey.clock.set(NIGHT)
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, shipped("extra-support"), by="sam", now=NIGHT)
        enrolments.start_by_hand(db, journey.clinic_id, maya, "extra-support", by="staff:sam", now=NIGHT)
    journey.live(days=3)
    assert journey.mail(maya) == ["contacts-you-asked-for Mon 23 23:30"]
    assert journey.fates(maya)["following-up"] == "skipped: condition"


def test_they_take_no_place_in_the_week_of_other_emails(journey: Journey) -> None:
    maya = journey.add_client()
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, shipped("extra-support"), by="sam", now=journey.now)
    journey.visit(maya)
    planned = {row.step_key: row.planned_for for row in journey.messages(maya)}
    journey.sleep(minutes=5)
    with journey.app.transaction() as db:
        enrolments.start_by_hand(
            db, journey.clinic_id, maya, "extra-support", by="staff:sam", now=journey.now
        )
    later = {row.step_key: row.planned_for for row in journey.messages(maya)}
    assert {step: later[step] for step in planned} == planned
    assert later["contacts-you-asked-for"] - journey.now < timedelta(minutes=1)
