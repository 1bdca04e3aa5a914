"""Publishing: people in flight stay on their version."""

from dataclasses import replace
from pathlib import Path

import pytest

from aftercare.domain.steps import SequenceSpec
from aftercare.errors import ContentError
from aftercare.flows import sequences
from aftercare.flows.sequences import SequenceFiles
from aftercare.mail.paths import templates_root
from tests.journeys.harness import Journey

FOLDER = templates_root() / "sequences" / "en" / "after-your-visit"


def _without_the_last_step(files: SequenceFiles) -> SequenceFiles:
    raw = dict(files.raw) | {"steps": files.raw["steps"][:-1]}
    return replace(files, raw=raw, spec=SequenceSpec.parse(raw))


def test_who_is_in_a_run_stays_on_its_version_and_the_next_run_gets_the_new_one(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    journey.visit(maya)
    with journey.app.transaction() as db:
        files = _without_the_last_step(sequences.read_folder(FOLDER))
        version = sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)
    assert version.number == 2
    journey.visit(ravi)
    journey.live(days=14)
    assert (len(journey.mail(maya)), len(journey.mail(ravi))) == (5, 4)


def test_a_step_without_its_email_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "sequence.yaml").write_text((FOLDER / "sequence.yaml").read_text())
    with pytest.raises(ContentError, match=r"evening-plan.*evening-plan\.yaml"):
        sequences.read_folder(folder)
