"""What is refused when a draft is saved, by whichever way it comes in."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aftercare.errors import ContentError
from aftercare.flows.saving import refuse_markup
from aftercare.flows.sequence_files import SequenceFiles, checked, read_folder
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.paths import templates_root
from tests.flows.shelf import shipped

SHIPPED = sorted(path.parent for path in templates_root().glob("sequences/en/*/sequence.yaml"))
WALK = "short-walk"


def walk(**changed: Any) -> EmailDocument:
    """A shipped email that says something else."""
    return parse_email(shipped().emails[WALK].to_json() | changed, "test.yaml")


def with_email(email: EmailDocument) -> SequenceFiles:
    """Its sequence with that email."""
    files = shipped()
    return replace(files, emails={**files.emails, WALK: email})


def note(text: str) -> EmailDocument:
    """An email of one note."""
    return walk(blocks=[{"type": "note", "key": "why", "paragraphs": [text]}], translations={})


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_shipped_sequence_can_be_saved(folder: Path) -> None:
    refuse_markup(read_folder(folder))


@pytest.mark.parametrize(
    "text",
    [
        "A <b>walk.",
        "A walk.</b>",
        "</ div>",
        "<script>x()</script>",
        '<mj-include path="/etc/passwd" />',
        "<SVG onload=x>",
        "<style>p{}",
        "<!-- later",
        "<?php",
        "<a",
        "See javascript:alert(1)",
        "See data:text/html,hello",
    ],
)
def test_a_tag_is_refused_with_the_place_and_the_fix(text: str) -> None:
    with pytest.raises(
        ContentError, match=r"after-your-visit/short-walk: why: “.*” is refused\. Write plain"
    ):
        refuse_markup(with_email(note(text)))


@pytest.mark.parametrize("text", ["With love <3", "a < b and b > a", "<- over there", "1<2", "< div >"])
def test_a_bracket_that_begins_no_tag_is_left_in_peace(text: str) -> None:
    refuse_markup(with_email(note(text)))


def test_lines_names_and_translations_are_looked_at_too() -> None:
    spanish = walk().translations["es"]
    for email, place in (
        (walk(subject="A <i>walk"), "subject"),
        (walk(preheader="A <i>walk"), "preheader"),
        (walk(translations={"es": dict(spanish) | {"subject": "<i>Un paseo"}}), "subject: in es, “<i>”"),
        (walk(translations={"es": dict(spanish) | {"public_name": "<i>Correos"}}), "public_name: in es"),
    ):
        with pytest.raises(ContentError, match=place):
            refuse_markup(with_email(email))
    files = shipped()
    with pytest.raises(ContentError, match="public_name: “<u>”"):
        refuse_markup(checked(files.slug, {**files.raw, "public_name": "<u>Emails"}, files.emails))
