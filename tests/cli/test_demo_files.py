"""The folder of a demo: a file for every email, and nobody else's files are touched."""

from pathlib import Path

import pytest

from aftercare.cli import demo_report
from aftercare.errors import InvalidInput

CONTENT = b"Message-ID: <%d@example.com>\r\nContent-Type: text/html\r\n\r\n<p>x\r\n"


def test_clients_with_similar_or_long_names_have_a_folder_each(tmp_path: Path) -> None:
    names = ["a b", "a_b", "A b", "李" * 200, "李" * 300]
    rows = {
        f"<{number}@example.com>": {"client": name, "local": "2026-03-02T17:00:00+00:00", "step": "s"}
        for number, name in enumerate(names)
    }
    written = demo_report.write_files(tmp_path / "out", [CONTENT % number for number in range(5)], rows)
    assert written == len(list((tmp_path / "out").rglob("*.eml"))) == len(names)
    assert len({path.parent.name.casefold() for path in (tmp_path / "out").rglob("*.eml")}) == len(names)


def test_what_an_earlier_demo_left_is_replaced(tmp_path: Path) -> None:
    old = tmp_path / "maya" / "old.eml"
    old.parent.mkdir()
    old.write_text("old")
    demo_report.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["notes.txt", "page.html", "maya/notes.txt", "maya/deep/page.html"])
def test_a_folder_with_files_of_others_is_left_alone(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("mine")
    with pytest.raises(InvalidInput, match="--out"):
        demo_report.clear(tmp_path)
    assert theirs.read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InvalidInput, match="--out"):
        demo_report.clear(tmp_path / "file")
