"""Letters that look like others, and marks that turn the order of letters round."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

#: Cyrillic and Greek letters that are drawn as Latin ones.
_TWINS = "аеорсухіјѕһԁԛԝАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοα"
_MIXED = re.compile(rf"\w*(?:[A-Za-z][{_TWINS}]|[{_TWINS}][A-Za-z])\w*")
#: Overrides: what follows is drawn from the other side, whatever its script. Right-to-left texts need none.
_TURNED = re.compile("[\u202d\u202e]")


def _check(letter: Letter) -> Iterator[Hit]:
    sender = letter.header("From")
    for where, text in [("sender", sender), *((one.where, one.text) for one in letter.passages)]:
        if found := _MIXED.search(text):
            yield where, f"“{found[0][:40]}” has letters of two alphabets that look the same"
        if _TURNED.search(text):
            yield where, "holds an unseen mark (U+202D or U+202E) that turns letters round"
    for name in letter.files:
        if _TURNED.search(name):
            yield "headers", "the name of an attached file holds a mark that turns letters round"


RULE = Rule(
    "disguised_letters",
    "spam",
    Severity.BLOCK,
    reason="Filters take it for a fraud, and screen readers cannot read it out.",
    example="Your аccount, with a Cyrillic а",
    fix="Type the word again on your own keyboard.",
    check=_check,
)
