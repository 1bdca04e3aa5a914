"""A language whose words nobody has looked at."""

from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    # That a language is undetermined, `html_language` says.
    if not letter.for_staff and letter.language not in {*wording.languages(), "und"}:
        known = ", ".join(sorted(wording.languages()))
        yield "html", f"is in “{letter.language}”, and its words were not checked: we can read {known}"


RULE = Rule(
    "unchecked_words",
    "language",
    Severity.WARN,
    reason="Promises, orders and advertising are known by lists of words, one list per language.",
    example="An email in Welsh.",
    fix="Let a colleague who speaks the language read it before it goes live.",
    check=_check,
)
