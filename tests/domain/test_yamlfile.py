"""YAML is read without the surprises of version 1.1, and bad files name file and line."""

from pathlib import Path

import pytest

from aftercare.errors import ContentError
from aftercare.yamlfile import MAX_BYTES, load


def test_scalars_mean_what_they_look_like() -> None:
    text = (
        "on: 18:00\nday: 2026-01-01\nlist: [yes, no, true, False, 01, 1.5, 1e3, ~, 0x1, '7']\n<<: 1\nnone:\n"
    )
    assert load(text) == {
        "on": "18:00",
        "day": "2026-01-01",
        "list": ["yes", "no", True, False, 1, 1.5, 1000.0, None, "0x1", "7"],
        "<<": 1,
        "none": None,
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2", "line 2: the key 'a' stands twice"),
        ("a: 1\nb: {c: 1, c: 2}", "line 2: the key 'c' stands twice"),
        ("a: &x 1\nb: *x", "line 2: aliases"),
        ("[" * 5000, "line 1: is nested deeper"),
        ("a: 1\nb: !!python/object:os.system {}", "line 2: tags"),
        ("a: !!timestamp 2026-13-45", "line 1: tags"),
        ("a: 1\nb: [", "line 2: "),
        ("a: 1\nb: \x01", "line 2: holds a control character"),
        ('a: 1\nb: "\\ud800"', "line 2: found invalid Unicode character"),
        ('a: "\\0"', "line 1: holds a NUL"),
        ("? [a]\n: 1", "line 1: found unhashable key"),
        ("a: 1\n---\nb: 2", "another document"),
        ("x" * (MAX_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_bad_text_names_its_line(text: str, says: str) -> None:
    with pytest.raises(ContentError, match=r"^a\.yaml[:,] ") as caught:
        load(text, "a.yaml")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: Zo\xc3\xab\n")
    assert load(path) == {"name": "Zoë"}


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"a: 1\nb: \xff\xfe", "line 2: is not UTF-8"), (b"a" * (MAX_BYTES + 1), "larger than 1 MB")],
)
def test_a_bad_file_is_named(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(data)
    with pytest.raises(ContentError, match=f"bad.yaml.*{says}"):
        load(path)


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        load(tmp_path / name)
