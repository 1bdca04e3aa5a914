"""A page that cannot be made larger."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_LOCKED = re.compile(r"user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*1(\.0)?\b", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.every("meta"):
        if node.attrs.get("name", "").lower() == "viewport" and _LOCKED.search(node.attrs.get("content", "")):
            yield "html", "the viewport forbids zooming"


RULE = Rule(
    "zoom",
    "accessibility",
    Severity.BLOCK,
    reason="Who sees badly spreads two fingers (WCAG 1.4.4).",
    example='<meta name="viewport" content="width=device-width, user-scalable=no">',
    fix="Write only width=device-width, initial-scale=1.",
    check=_check,
)
