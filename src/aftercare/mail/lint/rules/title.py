"""An email without a name of its own."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    title = letter.page.first("title")
    if title is None or not title.text:
        yield "html", "the <title> is missing or empty"


RULE = Rule(
    "title",
    "structure",
    Severity.BLOCK,
    reason="It is what a screen reader says first when the email opens in a window of its own (WCAG 2.4.2).",
    example="<title></title>",
    fix="Put the subject into <title>.",
    check=_check,
)
