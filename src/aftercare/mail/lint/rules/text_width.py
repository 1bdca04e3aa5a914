"""Lines of the text part that run off a small window."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

WIDEST = 78
_ADDRESS = re.compile(r"\s*(- )?<?https?://\S+")


def _check(letter: Letter) -> Iterator[Hit]:
    for line in letter.text.splitlines():
        if len(line) > WIDEST and not _ADDRESS.fullmatch(line):
            yield "text", f"the line “{line[:30]}...” has {len(line)} characters"


RULE = Rule(
    "text_width",
    "text_part",
    Severity.BLOCK,
    reason="Longer lines are broken wherever it happens to be (RFC 5322, section 2.1.1).",
    example="A paragraph in one line of 400 characters.",
    fix=f"Break lines at {WIDEST} characters; a bare address may be longer.",
    check=_check,
)
