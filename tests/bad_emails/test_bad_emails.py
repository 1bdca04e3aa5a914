"""Every fault costs its row, is found where it is, and nothing else is said; good emails cost nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bad_emails.broken import BROKEN, BROKEN_FILES, Broken
from tests.bad_emails.command_line import run
from tests.bad_emails.content_edits import BadContent
from tests.bad_emails.content_faults import CONTENT, HIDDEN, SOUND
from tests.bad_emails.copy_edits import BadCopy
from tests.bad_emails.copy_faults import COPIES
from tests.bad_emails.disguises import DISGUISED, HARMLESS
from tests.bad_emails.good_emails import Content, Copy, consent, newsletter, ordinary, rendered, tender

POINTS = {
    "accessibility": 20, "structure": 8, "images": 6, "text_part": 8, "headers": 8, "body": 8, "size": 6,
    "features": 6, "spam": 6, "privacy": 8, "language": 8, "preheader": 4, "dark": 4,
}  # fmt: skip


@pytest.fixture(scope="module")
def copy() -> Callable[[], Copy]:
    return rendered()


def checked(path: Path) -> dict[str, Any]:
    """What the linter says; its exit code must fit what it says."""
    outcome = run("email", "check", str(path), "--json")
    assert outcome.code in (0, 5), outcome.stderr
    result: dict[str, Any] = json.loads(outcome.stdout)
    blocked = any(finding["severity"] == "block" for finding in result["findings"])
    assert outcome.code == (5 if blocked else 0)
    return result


def assert_one_fault(result: dict[str, Any], row: str, where: str) -> None:
    findings = result["findings"]
    seen = {(finding["row"], finding["where"]) for finding in findings}
    assert seen == {(row, where)}, json.dumps(findings, indent=1, ensure_ascii=False)
    assert result["score"] == 100 - POINTS[row]
    assert all(finding["rule"] and finding["message"] and finding["fix"] for finding in findings)


def test_there_are_enough_and_each_row_has_its_own() -> None:
    bad = [*CONTENT, *HIDDEN, *COPIES, *DISGUISED]
    assert len(bad) >= 45
    assert {one.row for one in bad} == set(POINTS)
    assert len({one.name for one in bad}) == len(bad)


@pytest.mark.parametrize("base", [ordinary, tender, newsletter, consent])
def test_good_content_is_not_found_fault_with(base: Callable[[], Content], tmp_path: Path) -> None:
    assert checked(base().write(tmp_path)) == {"score": 100, "findings": []}


def test_a_good_copy_is_not_found_fault_with(copy: Callable[[], Copy], tmp_path: Path) -> None:
    assert checked(copy().write(tmp_path)) == {"score": 100, "findings": []}


@pytest.mark.parametrize("name", SOUND)
def test_content_that_only_looks_bad_is_left_in_peace(name: str, tmp_path: Path) -> None:
    content = ordinary()
    SOUND[name](content)
    assert checked(content.write(tmp_path)) == {"score": 100, "findings": []}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_copy_that_only_looks_bad_is_left_in_peace(
    name: str, copy: Callable[[], Copy], tmp_path: Path
) -> None:
    message = copy()
    HARMLESS[name](message)
    assert checked(message.write(tmp_path)) == {"score": 100, "findings": []}


@pytest.mark.parametrize("bad", [*CONTENT, *HIDDEN], ids=lambda bad: bad.name)
def test_bad_content_costs_its_row_and_no_other(bad: BadContent, tmp_path: Path) -> None:
    content = bad.base()
    bad.change(content)
    assert_one_fault(checked(content.write(tmp_path)), bad.row, bad.where)


@pytest.mark.parametrize("bad", [*COPIES, *DISGUISED], ids=lambda bad: bad.name)
def test_a_bad_copy_costs_its_row_and_no_other(
    bad: BadCopy, copy: Callable[[], Copy], tmp_path: Path
) -> None:
    message = copy()
    bad.change(message)
    assert_one_fault(checked(message.write(tmp_path)), bad.row, bad.where)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_what_cannot_be_read_is_refused_with_the_place_and_the_fix(broken: Broken, tmp_path: Path) -> None:
    path = ordinary().write(tmp_path)
    path.write_text(broken.email)
    assert_refused(path, broken.names)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_file_of_odd_bytes_is_refused(name: str, tmp_path: Path) -> None:
    file, content, names = BROKEN_FILES[name]
    path = ordinary().write(tmp_path).with_name(file)
    path.write_bytes(content)
    assert_refused(path, names)


def assert_refused(path: Path, names: tuple[str, ...]) -> None:
    outcome = run("email", "check", str(path), "--json")
    said = outcome.stdout + outcome.stderr
    assert outcome.code == 5, said[:500]
    assert all(name in said for name in names), said[:500]
    assert "Traceback" not in said
    assert len(said) < 2000
