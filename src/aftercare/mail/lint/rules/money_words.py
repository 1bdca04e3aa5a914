"""Words that filters know from spam."""

import re
from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_SIGNS = re.compile(r"[$£€]{2,}")


def _check(letter: Letter) -> Iterator[Hit]:
    for passage in letter.own_passages:
        said = wording.any_of(wording.patterns()["money"], passage.text) if letter.english else []
        for word in [*said, *_SIGNS.findall(passage.text)]:
            yield passage.where, f"says “{word}”"


RULE = Rule(
    "money_words",
    "spam",
    Severity.WARN,
    reason="Filters score them, and one email in the spam folder takes the next with it.",
    example="You are a winner: free money.",
    fix="Say it in other words.",
    check=_check,
)
