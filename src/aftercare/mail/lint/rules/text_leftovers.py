"""Remains of HTML in the text part."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_LEFT = re.compile(
    r"\[(image|img|cid)[:\]][^\]]*\]?|</?(p|div|br|a|td|tr|table|span|strong|h[1-6]|li|ul|img)\b[^>]*>"
    r"|&(nbsp|amp|lt|gt|zwnj|#\d+);|^.*\|\s*-{2,}.*$|^\s*\|.*$|^.*\|\s*$|\u034f|\u200c{2,}",
    re.IGNORECASE | re.MULTILINE,
)


def _check(letter: Letter) -> Iterator[Hit]:
    for found in _LEFT.finditer(letter.text):
        yield "text", f"it shows “{found[0].strip()[:40]}”"


RULE = Rule(
    "text_leftovers",
    "text_part",
    Severity.BLOCK,
    reason="A text part made from HTML by a machine reads like one.",
    example="[image: logo] | Hello&nbsp;Maya |",
    fix="Make the text from the blocks, not from the HTML.",
    check=_check,
)
