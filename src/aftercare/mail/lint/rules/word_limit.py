"""More words than an evening has room for."""

from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

MOST, MOST_TENDER = 200, 150


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.for_staff:
        return
    counts = {
        where: sum(len(wording.words_in(one.text)) for one in passages)
        for where, passages in wording.body_by_place(letter).items()
    }
    total, most = sum(counts.values()), MOST_TENDER if letter.tender else MOST
    if total > most:
        longest = max(counts, key=lambda where: counts[where])
        yield longest, f"the email has {total} words, {most} at most; this is its longest part"


RULE = Rule(
    "word_limit",
    "language",
    Severity.WARN,
    reason="One idea is read. Three are put off, and then none is.",
    example="An email of 320 words.",
    fix=f"Keep one idea in {MOST} words, {MOST_TENDER} in a tender week; the rest can be a guide.",
    check=_check,
)
