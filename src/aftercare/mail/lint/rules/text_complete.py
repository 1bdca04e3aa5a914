"""A text part that says less than the HTML, or something else."""

from collections import Counter
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.wording import words_in

#: Some words differ for good reasons: a link's own words, a number that is grouped in another way.
ALLOWED = 0.05


def _check(letter: Letter) -> Iterator[Hit]:
    if not letter.text.strip():
        return
    shown, written = _words(letter.seen), _words(letter.text)
    missing = shown - written
    share = missing.total() / max(1, shown.total())
    if share > ALLOWED:
        some = " ".join(list(missing)[:5])
        yield "text", f"{100 * share:.0f}% of the words of the HTML are not in it, such as: {some}"


def _words(text: str) -> Counter[str]:
    return Counter(word.lower() for word in words_in(text))


RULE = Rule(
    "text_complete",
    "text_part",
    Severity.BLOCK,
    reason="The text is not the poor relation: it may be all that is read.",
    example="This email needs a program that shows HTML.",
    fix="Say the same in both parts.",
    check=_check,
)
