"""So heavy that the end is cut off."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

MOST_TRAVELLING = 100 * 1024


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.html_bytes > MOST_TRAVELLING:
        yield "html", f"the HTML weighs {letter.html_bytes / 1024:.0f} KB as it is sent"


RULE = Rule(
    "travel_size",
    "size",
    Severity.BLOCK,
    reason="Gmail clips a message at about 102 KB, and with its end goes the link for leaving.",
    example="80 blocks in one email.",
    fix="Leave blocks out; a long text can be a guide page.",
    check=_check,
)
