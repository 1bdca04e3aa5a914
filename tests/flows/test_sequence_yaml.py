"""Sequences as files: what is written is read back as it was."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftercare import yamlfile
from aftercare.errors import Conflict, ContentError
from aftercare.flows import editing
from aftercare.flows.differences import between
from aftercare.flows.sequence_files import SequenceFiles, checked, folders_in, read_folder
from aftercare.flows.sequence_yaml import folder_texts, write_folder
from aftercare.mail.document import parse_email
from tests.flows.shelf import ROOT, all_shipped, shipped

LONG = "A sentence that goes on and on. " * 6


@pytest.mark.parametrize("files", all_shipped(), ids=lambda files: files.slug)
def test_a_shipped_sequence_survives_the_round_trip_to_the_byte(files: SequenceFiles, tmp_path: Path) -> None:
    first = write_folder(files, tmp_path / "once" / files.slug)
    again = read_folder(tmp_path / "once" / files.slug)
    assert between(files, again) == []
    assert again == files
    second = write_folder(again, tmp_path / "twice" / files.slug)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_rules_are_written_as_the_shipped_ones_are() -> None:
    texts = folder_texts(shipped())
    assert texts["sequence.yaml"] == (ROOT / "after-your-visit" / "sequence.yaml").read_text()


@example("0E0", "")
@example("1e5", "")
@example("1_000", "")
@given(
    st.text(min_size=1, max_size=200).filter(str.strip),
    st.sampled_from(["", LONG, "\n", "on", "09:30", "# "]),
)
def test_any_text_comes_back_as_it_was(text: str, beside: str) -> None:
    try:
        email = parse_email(
            {
                "subject": "Rest",
                "preheader": "A line.",
                "blocks": [{"type": "note", "paragraphs": [beside + text, text + beside, LONG]}],
            },
            "here",
        )
    except ContentError:
        return  # what no email may hold needs no file
    files = checked("mine", {"steps": [{"key": "rest", "wait": {"days": 1}}]}, {"rest": email})
    written = folder_texts(files)["rest.yaml"]
    assert parse_email(yamlfile.load(written), "here") == email


def test_every_option_is_written_in_the_order_of_the_manual() -> None:
    files = editing.set_options(
        shipped(),
        "short-walk",
        {
            "uncapped": True,
            "window": "any",
            "only_if": [{"fact": "first_session", "is": True}],
            "max_late": "24h",
            "only_on": ["mon", "tue"],
        },
    )
    assert """\
  - key: short-walk
    wait: {days: 3, at: "10:00"}
    only_on: [mon, tue]
    max_late: 24h
    only_if:
      - {fact: first_session, is: true}
    window: any
    uncapped: true
""" in folder_texts(files)["sequence.yaml"]


def test_files_that_say_something_else_are_not_overwritten_unless_asked_to(tmp_path: Path) -> None:
    folder = tmp_path / "after-your-visit"
    write_folder(shipped(), folder)
    write_folder(shipped(), folder)
    mine = folder / "short-walk.yaml"
    mine.write_text("subject: Mine\n")
    with pytest.raises(Conflict, match=r"short-walk\.yaml"):
        write_folder(shipped(), folder)
    assert mine.read_text() == "subject: Mine\n"
    write_folder(shipped(), folder, force=True)
    assert read_folder(folder) == shipped()


def test_folders_are_found_alone_and_side_by_side() -> None:
    assert folders_in(ROOT / "after-your-visit") == [ROOT / "after-your-visit"]
    assert {"after-a-tender-visit", "after-your-visit"} <= {folder.name for folder in folders_in(ROOT)}


@pytest.mark.parametrize(
    ("slug", "key", "names"), [("after you", "rest", "letters"), ("mine", "sequence", "rules' file")]
)
def test_names_that_files_and_addresses_cannot_carry_are_refused(slug: str, key: str, names: str) -> None:
    email = shipped().emails["short-walk"]
    with pytest.raises(ContentError, match=names):
        checked(slug, {"steps": [{"key": key, "wait": {"days": 1}}]}, {key: email})
