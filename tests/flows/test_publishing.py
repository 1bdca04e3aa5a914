"""What can be published."""

from collections.abc import Mapping
from typing import Any

import pytest

from aftercare.errors import ContentError
from aftercare.flows import sequences
from aftercare.flows.sequence_files import SequenceFiles
from tests.flows.shelf import all_shipped, shipped, with_head
from tests.journeys.harness import Journey


@pytest.mark.parametrize("files", all_shipped(), ids=lambda files: files.slug)
def test_everything_shipped_can_be_published(journey: Journey, files: SequenceFiles) -> None:
    """Its emails are compiled in the tests of drafts."""
    with journey.app.transaction() as db:
        assert sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now).state == "published"


@pytest.mark.parametrize(
    "field",
    [
        {"name": None},
        {"public_name": None},
        {"topic": "After Care"},
        {"topic": "aftercare2"},
        {"purpose": "account"},
    ],
)
def test_a_sequence_whose_emails_could_not_be_made_or_left_or_need_no_yes_is_not_published(
    journey: Journey, field: Mapping[str, Any]
) -> None:
    broken = with_head(shipped(), field)
    with pytest.raises(ContentError, match=next(iter(field))), journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, broken, by="sam", now=journey.now)


@pytest.mark.parametrize("field", [{"purpose": "care"}, {"trigger": {"on": "session.logged"}}])
def test_the_email_that_asks_for_consent_stays_one_that_needs_none_and_is_sent_by_hand(
    journey: Journey, field: Mapping[str, Any]
) -> None:
    broken = with_head(shipped("consent-request"), field)
    with pytest.raises(ContentError, match="asks for consent"), journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, broken, by="sam", now=journey.now)
