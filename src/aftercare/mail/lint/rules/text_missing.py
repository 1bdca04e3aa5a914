"""No text part."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    if not letter.text.strip():
        yield "text", "the text part is missing or empty"


RULE = Rule(
    "text_missing",
    "text_part",
    Severity.BLOCK,
    reason="Watches, screen readers and careful people read the text; filters distrust a message without it.",
    example="A message with an HTML part only.",
    fix="Send multipart/alternative with both parts; blocks make the text by themselves.",
    check=_check,
)
