"""A practice or a question without leave to stop."""

import re
from collections.abc import Iterator

from aftercare.mail.lint import phrasebook
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_STOPS = re.compile(r"\b(stop|put (the|your) pen down|leave it|put it away|close the (book|page))\b", re.I)
#: A fixed line that such a block begins with, and the fixed line that gives leave.
_FRAMES = (("minutes", "stop_practice"), ("prompt_main", "stop_prompt"))


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.origin is None:
        yield from _in_message(letter)
        return
    for block in letter.origin.blocks:
        own = getattr(block, "stop", None)
        if block.type == "prompt" and letter.english and own and not _STOPS.search(own):
            yield block.key, "its own words at the end do not say that one may stop"


def _in_message(letter: Letter) -> Iterator[Hit]:
    lines = letter.page.lines
    for begins, allows in _FRAMES:
        begun = any(phrasebook.says(letter.words[begins], line) and len(line) < 60 for line in lines)
        if (
            begun
            and not _STOPS.search(letter.seen)
            and not phrasebook.says(letter.words[allows], letter.seen)
        ):
            yield "html", "something to do, and no word that one may stop"


RULE = Rule(
    "stop_rule",
    "language",
    Severity.BLOCK,
    reason="Writing and practising can get too much; the advice of those who study it is to stop then.",
    example="stop: Finish the page before you put it away.",
    fix="Delete `stop`, so that the usual words stand there, or say that one may stop at any time.",
    check=_check,
)
