"""Tags that are not closed, and tags where only words belong."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.markup import signs_in, tag_in


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.origin is None:
        yield from (("html", fault) for fault in letter.page.faults)
        return
    for passage in letter.passages:
        if tag := tag_in(passage.text):
            yield passage.where, f"holds the tag {tag}, which readers would see as it stands"
        elif signs := signs_in(passage.text):
            yield passage.where, f"holds “{signs}”, which readers would see as it stands"


RULE = Rule(
    "markup",
    "structure",
    Severity.BLOCK,
    reason="Every mail program mends broken markup in its own way, and blocks are words, never markup.",
    example="<script>, <mj-include path=...>, <b>not closed",
    fix="Write plain words: the block makes the markup. In a finished page, close every tag.",
    check=_check,
)
