"""Why she gets it, and what it is not."""

from collections.abc import Iterator

from aftercare.mail.lint import phrasebook
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    """Word to a colleague on duty holds no ideas."""
    if not letter.reason:
        yield "html", "it does not say why the reader gets it"
    if letter.reason != "alert" and not phrasebook.says(letter.words["disclaimer"], letter.seen):
        yield "html", "it does not say that these are ideas, not medical or psychological advice"


RULE = Rule(
    "footer_words",
    "body",
    Severity.BLOCK,
    reason="Who has forgotten that she said yes reports spam; and an idea must not pass for advice.",
    example="A footer without “You get this email because ...”.",
    fix="Keep the sentences of the footer as they ship.",
    check=_check,
)
