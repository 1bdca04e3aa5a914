"""Little pictures among the words."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_PICTURE = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


def _check(letter: Letter) -> Iterator[Hit]:
    for passage in letter.own_passages:
        # In a finished message the greeting may hold her own name, and that is hers.
        ours = letter.origin is not None or passage.where in ("subject", "preheader")
        if ours and (found := _PICTURE.search(passage.text)):
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
