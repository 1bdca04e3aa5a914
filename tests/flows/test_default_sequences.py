"""The sequences that come with Aftercare: which a new clinic has live at once, and what the others do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aftercare.errors import ContentError
from aftercare.flows import clinics as clinic_flows
from aftercare.flows import defaults, drafts, editing, heads, sequences, support_path
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.paths import templates_root
from aftercare.store import clinics
from tests.factories import CLINIC
from tests.flows.shelf import ROOT, all_shipped, shipped
from tests.journeys.harness import Journey

NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("files", all_shipped(), ids=lambda files: files.slug)
def test_every_shipped_sequence_may_go_live(files: SequenceFiles) -> None:
    heads.check_head(files)


def test_a_new_clinic_has_live_what_begins_by_itself_and_the_question_of_consent(journey: Journey) -> None:
    with journey.app.transaction() as db:
        root = templates_root() / "sequences" / "en"
        live = defaults.publish_defaults(db, journey.clinic_id, root, by="sam", now=journey.now)
    assert live == [
        "after-a-tender-visit",
        "after-your-visit",
        "before-your-visit",
        "consent-request",
        "extra-support",
        "staying-in-touch",
        "therapist-guide",
    ]
    assert len(list(ROOT.iterdir())) > len(live)


@pytest.mark.parametrize("lacks", ["duty_id", "opening", "country"])
def test_a_check_in_cannot_go_live_while_nobody_would_get_the_answer(journey: Journey, lacks: str) -> None:
    files = editing.add_block(shipped(), "two-minutes-with-a-pen", "check_in")
    with journey.app.transaction() as db:
        clinic = clinics.get(db, journey.clinic_id)
        sequences.publish(db, clinic.id, files, by="sam", now=journey.now)
        setattr(clinic, lacks, {} if lacks == "opening" else "" if lacks == "country" else None)
        with pytest.raises(ContentError, match=r"\.yaml: the check-in 'check-in' .*under Settings first"):
            sequences.publish(db, clinic.id, files, by="sam", now=journey.now)


def test_what_asks_waits_as_a_draft_where_nobody_would_hear(journey: Journey) -> None:
    with journey.app.transaction() as db:
        other = clinic_flows.add_clinic(
            db, replace(CLINIC, hours="By appointment"), by="sam", now=journey.now
        )
        live = defaults.publish_defaults(db, other.id, ROOT, by="sam", now=journey.now)
        waits = drafts.draft(db, other.id, "after-a-tender-visit")
    assert "after-a-tender-visit" not in live
    assert waits is not None


def test_the_contacts_leave_at_any_hour_and_no_promise_follows(journey: Journey) -> None:
    maya = journey.add_client()
    journey.clock.set(NIGHT)
    with journey.app.transaction() as db:
        support_path.begin_by_hand(db, journey.clinic_id, maya, by="staff:sam", now=NIGHT)
    journey.live(days=3)
    assert journey.mail(maya) == ["contacts-for-you Mon 23 23:30"]
    assert journey.fates(maya)["following-up"] == "skipped: condition"


def test_they_take_no_place_in_the_week_of_other_emails(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    planned = {row.step_key: row.planned_for for row in journey.messages(maya)}
    journey.sleep(minutes=5)
    with journey.app.transaction() as db:
        support_path.begin_by_hand(db, journey.clinic_id, maya, by="staff:sam", now=journey.now)
    later = {row.step_key: row.planned_for for row in journey.messages(maya)}
    assert {step: later[step] for step in planned} == planned
    assert later["contacts-for-you"] - journey.now < timedelta(minutes=1)
