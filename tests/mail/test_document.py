from typing import Any

import pytest

from aftercare.errors import ContentError
from aftercare.mail.blocks import KINDS
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.paths import templates_root
from tests.mail.letters import EVERY_BLOCK

NOTE = {"type": "note", "paragraphs": ["x"]}
PRACTICE = {
    "type": "practice",
    "title": "t",
    "minutes": 5,
    "intro": "i",
    "options": [{"label": "l", "text": "x"}] * 2,
}


def with_blocks(*blocks: Any) -> dict[str, Any]:
    return {**EVERY_BLOCK, "blocks": list(blocks)}


BROKEN = [
    ("not a mapping", [], "must be a mapping"),
    ("an unknown key", {**EVERY_BLOCK, "bcc": "x"}, "unknown key bcc. Delete it"),
    ("no subject", {"preheader": "x", "blocks": [NOTE]}, "subject: must be one line"),
    ("a subject of two lines", {**EVERY_BLOCK, "subject": "a\nBcc: b"}, "subject: must be one line"),
    (
        "a name in the subject",
        {**EVERY_BLOCK, "subject": "{{ first_name | you }}"},
        "subject: first_name may be private",
    ),
    (
        "a clinic in the preheader",
        {**EVERY_BLOCK, "preheader": "{{ clinic.name }}"},
        "preheader: clinic.name may be",
    ),
    ("no blocks", with_blocks(), "at least one block"),
    ("blocks that are text", {**EVERY_BLOCK, "blocks": "note"}, "at least one block"),
    (
        "an unknown type",
        with_blocks({"type": "nota"}),
        r"blocks\[0\]: type must be one of: affirmation_picker, app_button, book, ",
    ),
    ("a block that is text", with_blocks("note"), r"blocks\[0\]: type must be one of"),
    ("no paragraphs", with_blocks({"type": "note"}), r"blocks\[0\] \(note\)\.paragraphs: is missing. Add it"),
    (
        "a misspelt key",
        with_blocks(NOTE, {**NOTE, "headin": "x"}),
        r"blocks\[1\] \(note\)\.headin: unknown key. Delete",
    ),
    (
        "a yes without quotes",
        with_blocks({"type": "note", "paragraphs": [True]}),
        r"paragraphs\.0: must be text. Put it",
    ),
    ("a blank text", with_blocks({"type": "greeting", "text": "  "}), r"text: is empty\. Write something"),
    (
        "a stray field",
        with_blocks({**NOTE, "paragraphs": ["ok", "{{ x }}"]}),
        r"\(note\)\.paragraphs\[1\]: unknown merge",
    ),
    (
        "one way only",
        with_blocks({**PRACTICE, "options": PRACTICE["options"][:1]}),
        r"options: needs at least 2, and has 1\. Add to it",
    ),
    ("no minutes", with_blocks({**PRACTICE, "minutes": 0}), r"minutes: must be 1 or more\. Correct"),
    (
        "a strange when",
        with_blocks({**NOTE, "when": "never"}),
        r"when: must be 'first', 'returning' or 'always'\. Choose one",
    ),
    (
        "words for a number",
        with_blocks({**PRACTICE, "minutes": "few"}),
        r"minutes: must be a whole number\. W",
    ),
    ("half a number", with_blocks({**PRACTICE, "minutes": 1.5}), r"minutes: must be a whole number\. Write"),
    (
        "text for a list",
        with_blocks({"type": "note", "paragraphs": "Hi."}),
        r"paragraphs: must be a list\. B",
    ),
    (
        "text for a way",
        with_blocks({**PRACTICE, "options": ["a", "b"]}),
        r"options\.0: must have keys of its",
    ),
    ("a space in a key", with_blocks({**NOTE, "key": "a b"}), r"key: may be 1 to 60 letters, digits, hyph"),
    ("nine ideas", with_blocks({"type": "checklist", "heading": "h", "items": ["x"] * 9}), r"at most 8, and"),
    (
        "a key twice",
        with_blocks({**NOTE, "key": "a"}, {**NOTE, "key": "a"}),
        "two blocks have the key a. Give each",
    ),
    (
        "a path for a guide",
        with_blocks({"type": "resource_list", "heading": "h", "links": [{"guide": "../x", "text": "t"}]}),
        "guide",
    ),
]


@pytest.mark.parametrize(("data", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_fault_names_file_place_and_fix(data: Any, message: str) -> None:
    with pytest.raises(ContentError, match=rf"^plan\.yaml: .*{message}"):
        parse_email(data, "plan.yaml")


def test_an_email_survives_being_stored() -> None:
    document = parse_email(EVERY_BLOCK, "x")
    assert EmailDocument.from_json(document.to_json()) == document


def test_blocks_without_a_key_are_called_after_type_and_position() -> None:
    keys = [block.key for block in parse_email(EVERY_BLOCK, "x").blocks]
    assert keys[:4] == ["greeting1", "note2", "evening", "practice4"]


def test_rotating_blocks_show_their_decks() -> None:
    assert parse_email(EVERY_BLOCK, "x").decks() == {
        "evening": ("EV01", "EV02"),
        "pen": ("J05", "J14"),
        "pen.lighter": ("J01",),
    }


def test_the_sample_has_every_kind_of_block_and_every_kind_its_three_templates() -> None:
    assert {block["type"] for block in EVERY_BLOCK["blocks"]} == set(KINDS)
    for kind in KINDS:
        for form in ("mjml", "txt", "html"):
            assert (templates_root() / "blocks" / f"{kind}.{form}.j2").is_file()
