"""Sentences that a tired person reads twice."""

from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

HIGHEST = 8


def _check(letter: Letter) -> Iterator[Hit]:
    if not letter.english or letter.for_staff:
        return
    places = wording.body_by_place(letter)
    texts = {where: wording.prose(passages) for where, passages in places.items()}
    whole = wording.grade(text for prose in texts.values() for text in prose)
    if whole > HIGHEST:
        hardest = max(texts, key=lambda where: wording.grade(texts[where]))
        yield hardest, f"the email reads at school grade {whole:.1f}, and this is its hardest part"


RULE = Rule(
    "reading_grade",
    "language",
    Severity.WARN,
    reason="Half of all adults read at the level of a twelve-year-old, and everybody does when upset.",
    example="Psychological intervention facilitates considerable physiological relaxation.",
    fix=f"Cut long sentences in two and use everyday words, down to grade {HIGHEST}.",
    check=_check,
)
