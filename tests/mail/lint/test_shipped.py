"""Every email that ships scores full marks, as its file says it and as it leaves."""

from pathlib import Path

import pytest

from aftercare.mail.lint import check
from aftercare.mail.lint.files import language_of, read_letters, read_written
from aftercare.mail.lint.letter import from_bytes
from aftercare.mail.lint.sample import Person, message
from aftercare.mail.paths import templates_root

SEQUENCES = templates_root() / "sequences"
EMAILS = sorted(path for path in SEQUENCES.glob("*/*/*.yaml") if path.name != "sequence.yaml")
LEAST = 95

each_email = pytest.mark.parametrize("path", EMAILS, ids=lambda path: path.relative_to(SEQUENCES).as_posix())


@each_email
def test_a_shipped_email_scores_at_least_95_and_may_go_live(path: Path) -> None:
    report = check(read_letters(path))
    assert report.blocking == ()
    assert report.score >= LEAST, report.findings


@each_email
def test_the_same_email_scores_as_well_once_it_has_left(path: Path) -> None:
    raw = message(read_written(path), Person(language=language_of(path)))
    report = check([from_bytes(raw, path.name)])
    assert report.blocking == ()
    assert report.score >= LEAST, report.findings
