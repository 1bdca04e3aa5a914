"""Capitals and exclamation marks."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

#: SHOUT is the word to text to a British help line.
_WORD = re.compile(r"\b(?!SHOUT\b)[A-Z]{4,}\b(?:\W+[A-Z]{2,}\b)*")
#: Colleagues know what NCCIH is.
_WORDS = re.compile(r"\b(?!SHOUT\b)[A-Z]{3,}\b(?:\W+[A-Z]{2,}\b)+")


def _check(letter: Letter) -> Iterator[Hit]:
    pattern = _WORDS if letter.for_staff else _WORD
    for passage in letter.own_passages:
        if "!" in passage.text:
            yield passage.where, "has an exclamation mark"
        if found := pattern.search(passage.text):
            yield passage.where, f"shouts “{found[0][:40]}”"


RULE = Rule(
    "shouting",
    "spam",
    Severity.WARN,
    reason="Filters count it, and nobody likes to be shouted at when she is tired.",
    example="Subject: FEEL BETTER TODAY!!!",
    fix="Write it as you would say it, quietly.",
    check=_check,
)
