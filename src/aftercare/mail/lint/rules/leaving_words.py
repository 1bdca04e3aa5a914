"""The footers of spam."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_LEAVING = re.compile(
    r"\b(stop|end|cease|discontinue|not (?:wish|want) to) (?:receiv\w+ |getting )?"
    r"(?:these|future|further|more|any|our|such)?\s*(?:future |more )?(e-?mails|mailings|messages)\b"
    r"|\bto be removed\b|\bremove (?:yourself|your (?:name|address))\b",
    re.IGNORECASE,
)


def _check(letter: Letter) -> Iterator[Hit]:
    for passage in letter.own_passages:
        if found := _LEAVING.search(passage.text):
            yield passage.where, f"says “{found[0]}”"


RULE = Rule(
    "leaving_words",
    "spam",
    Severity.WARN,
    reason="SpamAssassin takes “stop these emails” for a mark of spam (END_FUTURE_EMAILS, 1.0 points).",
    example="To stop these emails, write to us.",
    fix="Name the link: “Email settings” or “Unsubscribe” at the end of every email.",
    check=_check,
)
