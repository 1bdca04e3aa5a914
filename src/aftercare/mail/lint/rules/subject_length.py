"""A subject that telephones cut."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

MOST = 50


def _check(letter: Letter) -> Iterator[Hit]:
    if len(letter.subject) > MOST:
        yield "subject", f"has {len(letter.subject)} characters; telephones show about {MOST}"


RULE = Rule(
    "subject_length",
    "preheader",
    Severity.WARN,
    reason="What is cut off is what would have said whether it can wait.",
    example="A few things that you may find useful to know about the coming week",
    fix=f"Say it in {MOST} characters.",
    check=_check,
)
