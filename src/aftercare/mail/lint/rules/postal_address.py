"""Where the sender is to be found."""

import re
from collections.abc import Iterator

from aftercare.mail.lint import phrasebook
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_FEWEST_WORDS = 3


def _check(letter: Letter) -> Iterator[Hit]:
    foot = _foot(letter)
    if not re.search(r"\d", foot) or len(re.findall(r"\w+", foot)) < _FEWEST_WORDS:
        yield "html", "the footer has no postal address"


def _foot(letter: Letter) -> str:
    """What the footer says besides its fixed sentences and links."""
    lines = letter.page.lines
    start = phrasebook.foot_of(letter.words, lines)
    foot = " ".join(lines[start:] or lines[-2:])
    for name in (*phrasebook.FOOT, "unsubscribe"):
        foot = phrasebook.stripped(letter.words[name], foot)
    return foot


RULE = Rule(
    "postal_address",
    "body",
    Severity.BLOCK,
    reason="The law asks for it (CAN-SPAM), and it shows that the clinic is a real place.",
    example="A footer that ends with the disclaimer.",
    fix="Write the clinic's postal address into its settings.",
    check=_check,
)
