"""A preheader that is cut, or pulls in what follows."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

FEWEST, MOST = 35, 90


def _check(letter: Letter) -> Iterator[Hit]:
    length = len(letter.preheader)
    if not FEWEST <= length <= MOST:
        yield "preheader", f"has {length} characters; {FEWEST} to {MOST} read best"


RULE = Rule(
    "preheader_length",
    "preheader",
    Severity.WARN,
    reason="Lists of mail fill a short one up with whatever comes next, such as the clinic's name.",
    example="Hello.",
    fix=f"Write one sentence of {FEWEST} to {MOST} characters.",
    check=_check,
)
