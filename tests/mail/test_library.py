from pathlib import Path

import pytest

from aftercare.errors import ContentError
from aftercare.mail.library import load_library
from aftercare.mail.paths import templates_root

PROMPT = '- {id: J01, intensity: 0, theme: arriving, text: "What do you see?"}\n'
GB = 'GB: {emergency: "999", line_name: Samaritans, number: "116 123", verified: true}'
SUPPORT = f"copied_on: '2026-11-01'\ncountries: {{{GB}}}\nother: {{}}\n"
GUIDE = "title: Walking\ndescription: Short walks\nblocks: [{type: greeting, text: Hello}]\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A templates root with the smallest library."""
    (tmp_path / "library").mkdir()
    (tmp_path / "guides" / "en").mkdir(parents=True)
    (tmp_path / "library" / "prompts.yaml").write_text(PROMPT)
    (tmp_path / "library" / "support.yaml").write_text(SUPPORT)
    (tmp_path / "guides" / "en" / "walking.yaml").write_text(GUIDE)
    return tmp_path


def test_a_library_is_read(shelf: Path) -> None:
    library = load_library(shelf)
    assert library.prompts == {"J01": "What do you see?"}
    assert library.support_for("GB").short == "Samaritans, 116 123"
    assert library.support_for("FR").short == library.support_for("").short == "findahelpline.com"
    assert library.guides["walking"].title == "Walking"
    assert library.guides["walking"].document.subject == "Walking"


def test_a_number_that_nobody_checked_is_never_printed(shelf: Path) -> None:
    (shelf / "library" / "support.yaml").write_text(SUPPORT.replace("true", "false"))
    entry = load_library(shelf).support_for("GB")
    assert (entry.talk_number, entry.short, entry.emergency) == ("", "findahelpline.com", "999")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (
            "library/prompts.yaml",
            PROMPT.replace("text", "txt"),
            r"prompts\.yaml: prompts\.0\.text: is missing",
        ),
        ("library/prompts.yaml", "x: 1", r"prompts\.yaml: prompts"),
        (
            "library/support.yaml",
            "copied_on: '2026-11-01'\ncountries: {}",
            r"support\.yaml: other: is missing",
        ),
        ("library/support.yaml", SUPPORT.replace('"999"', "999"), r"support\.yaml: countries\.GB\.emergency"),
        ("guides/en/walking.yaml", "title: x", "walking.yaml: must have exactly the keys title, description"),
        (
            "guides/en/walking.yaml",
            GUIDE.replace("greeting", "hello"),
            r"walking\.yaml: blocks\[0\]: type must be",
        ),
    ],
)
def test_a_broken_file_is_named_with_the_place(shelf: Path, file: str, content: str, message: str) -> None:
    (shelf / file).write_text(content)
    with pytest.raises(ContentError, match=message):
        load_library(shelf)


def test_the_shipped_library_is_whole() -> None:
    library = load_library(templates_root())
    assert len(library.prompts) >= 30
    assert {"GB", "US", "IE", "CA", "AU", "other"} <= set(library.support)
    links = {
        link["guide"]
        for guide in library.guides.values()
        for block in guide.document.to_json()["blocks"]
        for link in block.get("links", [])
    }
    assert links <= set(library.guides)
