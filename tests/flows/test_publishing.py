"""What can be published."""

from dataclasses import replace

import pytest

from aftercare.domain.steps import SequenceSpec
from aftercare.errors import ContentError
from aftercare.flows import sequences
from aftercare.mail.paths import templates_root
from tests.journeys.harness import Journey


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", None), ("public_name", None), ("topic", "After Care"), ("topic", "aftercare2")],
)
def test_a_sequence_whose_emails_could_not_be_made_or_left_is_not_published(
    journey: Journey, key: str, value: str | None
) -> None:
    files = sequences.read_folder(templates_root() / "sequences" / "en" / "after-your-visit")
    raw = {name: said for name, said in files.raw.items() if name != key} | ({key: value} if value else {})
    broken = replace(files, raw=raw, spec=SequenceSpec.parse(raw))
    with pytest.raises(ContentError, match=key), journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, broken, by="sam", now=journey.now)
