"""A preheader that says the subject again."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.passages import plain


def _check(letter: Letter) -> Iterator[Hit]:
    subject, preheader = plain(letter.subject), plain(letter.preheader)
    if subject and preheader.startswith(subject):
        yield "preheader", "begins by repeating the subject"


RULE = Rule(
    "preheader_repeats",
    "preheader",
    Severity.WARN,
    reason="The two stand side by side; the second is there to say what the first could not.",
    example="Subject: A short walk. Preheader: A short walk, if it suits you today.",
    fix="Say something that the subject leaves open.",
    check=_check,
)
