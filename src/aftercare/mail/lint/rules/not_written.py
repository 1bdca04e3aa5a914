"""Words that a new block begins with, and nobody has written over (content section 3)."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_UNWRITTEN = re.compile(
    r"\bWrite here (?:how|what|who|why)\b[^.]*|\blorem ipsum\b|\bTODO\b|\bTBD\b", re.IGNORECASE
)


def _check(letter: Letter) -> Iterator[Hit]:
    for passage in letter.own_passages:
        if found := _UNWRITTEN.search(passage.text):
            yield passage.where, f"still says “{found[0]}”"


RULE = Rule(
    "not_written",
    "language",
    Severity.BLOCK,
    reason="Nobody has written this part yet, and she would read the note to the author.",
    example="Write here what you would say.",
    fix="Write your own words there, or remove the block.",
    check=_check,
)
