"""A heavy page."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.rules.travel_size import MOST_TRAVELLING

MOST = 60 * 1024


def _check(letter: Letter) -> Iterator[Hit]:
    size = len(letter.html.encode())
    if size > MOST and letter.html_bytes <= MOST_TRAVELLING:
        yield "html", f"the HTML has {size / 1024:.0f} KB"


RULE = Rule(
    "html_size",
    "size",
    Severity.WARN,
    reason="Telephones load it on a bad connection, and Gmail cuts off what is over 102 KB.",
    example="40 blocks in one email.",
    fix=f"Leave blocks out, down to {MOST // 1024} KB; a long text can be a guide page.",
    check=_check,
)
