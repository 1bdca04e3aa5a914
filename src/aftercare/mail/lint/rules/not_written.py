"""Words that a new block begins with, and nobody has written over (content section 3)."""

import re
from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

#: In capitals only: “todo” is a word in Spanish, and xxx are kisses.
_MARKS = re.compile(r"\b(?:TBD|TBC|XXX+)\b|\bTODO\b")


def _check(letter: Letter) -> Iterator[Hit]:
    patterns = wording.patterns()["unwritten"]
    search = _any((*patterns["any"], *patterns["en"], *patterns.get(letter.language, ())))
    for passage in letter.own_passages:
        found = [hit[0] for one in (search, _MARKS) for hit in one.finditer(passage.text)]
        for said in wording.different(found):
            yield passage.where, f"still says “{said}”"


def _any(pieces: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(pieces)})(?!\w)", re.IGNORECASE)


RULE = Rule(
    "not_written",
    "language",
    Severity.BLOCK,
    reason="Nobody has written this part yet, and she would read the note to the author.",
    example="Write here what you would say.",
    fix="Write your own words there, or remove the block.",
    check=_check,
)
