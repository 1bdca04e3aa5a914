"""Emails as forms, read off the schemas of their blocks."""

from collections.abc import Iterator

import pytest

from aftercare.flows import block_forms, editing, email_forms
from aftercare.flows.block_forms import NOT_EDITED, FormField
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.blocks import KINDS
from aftercare.mail.blocks.base import Block
from tests.flows.shelf import all_shipped, shipped

EMAILS = [(files, key) for files in all_shipped() for key in files.emails]
EVENING, PEN = "evening-plan", "two-minutes-with-a-pen"


def sent(fields: tuple[FormField, ...]) -> Iterator[tuple[str, list[str]]]:
    """What a browser sends of these fields when nobody has touched them."""
    for field in fields:
        for piece in field.items:
            yield from sent(piece)
        if field.spec.kind == "names":
            yield field.name, ["", *field.chosen]
        elif field.spec.kind != "group":
            yield field.name, [field.value.replace("\n", "\r\n")]


def form(files: SequenceFiles, step: str) -> dict[str, list[str]]:
    """The whole form of an email."""
    email = files.emails[step]
    fields = {name: value for block in email.blocks for name, value in sent(block_forms.form_of(block))}
    return {"subject": [email.subject], "preheader": [email.preheader], **fields}


def block(files: SequenceFiles, step: str, key: str) -> Block:
    """One block."""
    return next(one for one in files.emails[step].blocks if one.key == key)


@pytest.mark.parametrize(("files", "step"), EMAILS, ids=[key for _, key in EMAILS])
def test_a_form_that_nobody_touched_changes_nothing(files: SequenceFiles, step: str) -> None:
    edited = email_forms.apply(files, step, form(files, step))
    assert edited.faults == {}
    assert edited.files == files


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_of_every_kind_of_block_is_in_its_form(kind: str) -> None:
    fields = {one.alias or name for name, one in KINDS[kind].model_fields.items()}
    assert {spec.name for spec in block_forms.specs(kind)} == fields - set(NOT_EDITED)


def test_what_was_typed_becomes_the_email() -> None:
    files = shipped()
    typed = form(files, PEN) | {
        "subject": ["A pen"],
        "yours:heading": [""],
        "yours:paragraphs": ["One.\r\n\r\n\r\n  Two,\r\nstill two.\r\n"],
        "page:from": ["", "J15", "J20", "J13"],
        "guides:links:0:text": ["  Because. "],
    }
    edited = email_forms.apply(files, PEN, typed)
    assert edited.faults == {}
    was, now = files.emails[PEN].to_json(), edited.files.emails[PEN].to_json()
    was["subject"] = "A pen"
    was["blocks"][3].pop("heading")
    was["blocks"][3]["paragraphs"] = ["One.", "Two,\nstill two."]
    # Those that were chosen before keep their order.
    was["blocks"][2]["from"] = ["J13", "J15", "J20"]
    was["blocks"][4]["links"][0]["text"] = "Because."
    assert now == was


@pytest.mark.parametrize(
    ("name", "value", "place", "says"),
    [
        ("subject", "For {{ first_name | there }}", "subject", "may be private"),
        ("preheader", "", "preheader", "one line"),
        ("hello:text", "", "hello", "text: is missing"),
        ("hello:text", "Hello {{ first_name }}", "hello", "needs a fallback"),
        ("hello:text", "{{ 7 * 7 }}", "hello", "unknown merge field"),
        ("hello:when", "never", "hello", "when"),
        ("yours:paragraphs", " \r\n ", "yours", "paragraphs: "),
        ("page:from", "", "page", "from: "),
        ("guides:links:0:guide", "no such", "guides", "links.0.guide"),
    ],
)
def test_a_fault_is_said_beside_its_block_and_the_rest_is_kept(
    name: str, value: str, place: str, says: str
) -> None:
    typed = form(shipped(), PEN) | {"why-write:heading": ["Kept"], name: [value]}
    edited = email_forms.apply(shipped(), PEN, typed)
    assert list(edited.faults) == [place]
    assert says in edited.faults[place]
    assert block(edited.files, PEN, "why-write").model_dump()["heading"] == "Kept"


def test_the_buttons_move_add_and_remove() -> None:
    files = shipped()
    keys = [one.key for one in files.emails[PEN].blocks]
    wishes = {
        "up:page": ["hello", "page", "why-write", "yours", "guides"],
        "down:hello": ["why-write", "hello", "page", "yours", "guides"],
        "up:hello": keys,
        "down:guides": keys,
        "remove:yours": ["hello", "why-write", "page", "guides"],
        "add:note": [*keys, "note"],
        "save": keys,
        "nonsense:page": keys,
    }
    for wish, order in wishes.items():
        assert [one.key for one in email_forms.act(files, PEN, wish).emails[PEN].blocks] == order, wish
    behind = email_forms.act(files, PEN, "add:support", "hello").emails[PEN].blocks
    assert [one.type for one in behind][:2] == ["greeting", "support"]
    dragged = email_forms.drag(files, PEN, "guides", 0).emails[PEN].blocks
    assert dragged[0].key == "guides"


def test_a_piece_of_a_group_is_added_and_removed() -> None:
    files = shipped()
    more = email_forms.act(files, EVENING, "more:evening:cards")
    cards = block(more, EVENING, "evening").model_dump()["cards"]
    assert [card["id"] for card in cards][-2:] == ["EV14", "card-1"]
    again = email_forms.act(more, EVENING, "more:evening:cards")
    assert block(again, EVENING, "evening").model_dump()["cards"][-1]["id"] == "card-2"
    assert email_forms.act(more, EVENING, "less:evening:cards:14") == files
    assert email_forms.act(files, EVENING, "more:evening:heading") == files


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "consent_button"])
def test_whatever_can_be_added_says_something_at_once(kind: str) -> None:
    files = editing.add_block(shipped(), PEN, kind)
    assert email_forms.apply(files, PEN, form(files, PEN)) == email_forms.Edited(files, {})
