"""Little pictures among the words of a tender week (content section 3, tone)."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_PICTURE = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


def _check(letter: Letter) -> Iterator[Hit]:
    for passage in letter.own_passages if letter.tender else ():
        if found := _PICTURE.search(passage.text):
            yield passage.where, f"shows {found[0]}"


RULE = Rule(
    "emoji",
    "language",
    Severity.WARN,
    reason="A cheerful picture can hurt on a hard evening, and screen readers spell it out.",
    example="Take it easy tonight 🌸",
    fix="Leave it out.",
    check=_check,
)
