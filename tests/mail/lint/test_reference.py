"""What is written about the rules, beside the code."""

import json
from pathlib import Path

from aftercare import yamlfile
from aftercare.mail.lint import ROWS, RULES, reference, wording
from aftercare.mail.lint import rules as files

ROOT = Path(__file__).parents[3]


def test_the_page_of_all_rules_is_current() -> None:
    page = (ROOT / "docs" / "reference" / "lints.md").read_text(encoding="utf-8")
    assert page == reference.table(), "run: python -m aftercare.mail.lint.reference > docs/reference/lints.md"


def test_a_rule_is_called_what_its_file_is_called() -> None:
    paths = Path(str(files.__file__)).parent.glob("*.py")
    assert {path.stem for path in paths} - {"__init__"} == {rule.id for rule in RULES}


def test_every_row_is_earned_by_some_rule() -> None:
    assert {rule.row for rule in RULES} == set(ROWS)


def test_the_banned_patterns_are_those_of_the_source() -> None:
    source = ROOT / "tests" / "content" / "data" / "banned-patterns.json"
    assert wording.patterns()["banned"]["en"] == json.loads(source.read_text(encoding="utf-8"))


def test_health_words_are_looked_for_in_every_language_that_emails_are_written_in() -> None:
    languages = {path.name.split(".")[1] for path in (ROOT / "templates" / "emails").glob("layout.*.yaml")}
    assert languages <= set(wording.patterns()["health"])


def test_tone_and_advertising_are_looked_for_in_every_language_that_emails_are_written_in() -> None:
    languages = {path.name.split(".")[1] for path in (ROOT / "templates" / "emails").glob("layout.*.yaml")}
    patterns = wording.patterns()
    for group in ("banned", "also", "everyday", "marketing", "unwritten"):
        assert languages <= set(patterns[group]), group
    assert all(set(patterns["banned"][tag]) == set(patterns["banned"]["en"]) for tag in languages)
    assert all(set(patterns["also"][tag]) == set(patterns["also"]["en"]) for tag in languages)


def test_the_pattern_files_are_plain_yaml() -> None:
    folder = Path(str(files.__file__)).parents[1]
    assert {path.name for path in folder.glob("*.yaml")} == {"patterns.yaml", "features.yaml"}
    assert all(yamlfile.load(path) for path in folder.glob("*.yaml"))
