"""A practice that one cannot say no to."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_NONE = re.compile(
    r"\b(none|neither|skip|not today|nothing at all|leave (it|them|this|these)( out| for)?|or not)\b", re.I
)
_KINDS = ("practice", "practice_picker", "affirmation_picker")


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.origin is None or not letter.english:
        return
    for block in letter.origin.blocks:
        if block.type in _KINDS[:2]:
            said = " ".join(one.text for one in letter.passages if one.where == block.key)
            if not _NONE.search(said):
                yield block.key, f"“{block.title}” does not say that none of it is fine too"


RULE = Rule(
    "practice_choice",
    "language",
    Severity.BLOCK,
    reason="A choice is only real if one may take nothing (content rules: always a real choice).",
    example="Pick one of these two.",
    fix="Say so in its introduction: “You could pick one of these, or none today.”",
    check=_check,
)
