"""`aftercare demo --sessions FILE`: what a person may write there, and one clear line for the rest."""

import json
from pathlib import Path

import pytest

from aftercare.cli import demo_cast
from aftercare.errors import InvalidInput

VISIT = {
    "client": "Maya",
    "timezone": "Europe/London",
    "ends_at": "2026-03-02T14:00",
    "outcome": "ordinary",
    "consent": True,
}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        f"[{'9' * 5000}]",
        json.dumps([{**VISIT, "client": "a-\ud800"}]),
        json.dumps([{**VISIT, "client": "a-\nb"}]),
        json.dumps([{**VISIT, "ends_at": "0001-01-02T14:00"}]),
        json.dumps([{**VISIT, "ends_at": "9999-12-30T14:00"}]),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sessions.json"
    path.write_text(text)
    with pytest.raises(InvalidInput, match="--sessions"):
        demo_cast.read_cast(path)


@pytest.mark.parametrize("name", ["Zoë 李", "\N{WOMAN}\u200d\N{STAFF OF AESCULAPIUS}\ufe0f", "x" * 300])
def test_names_in_any_script_are_fine(tmp_path: Path, name: str) -> None:
    path = tmp_path / "sessions.json"
    path.write_text(json.dumps([{**VISIT, "client": name}]))
    assert [visit.client for visit in demo_cast.read_cast(path)] == [name]


def test_a_byte_order_mark_is_no_part_of_the_json(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    path.write_text(json.dumps([VISIT]), encoding="utf-8-sig")
    assert len(demo_cast.read_cast(path)) == 1
