"""Small print."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

SMALLEST = 14.0


def _check(letter: Letter) -> Iterator[Hit]:
    for one in letter.painted["light"]:
        if one.paint.size < SMALLEST:
            yield "html", f"“{one.node.own_text[:40]}” is {one.paint.size:g} px high"


RULE = Rule(
    "text_size",
    "accessibility",
    Severity.WARN,
    reason="Telephones in a hand at night are read at arm's length.",
    example='<p style="font-size:11px">Unsubscribe</p>',
    fix=f"16 px for reading, {SMALLEST:g} px at the very least.",
    check=_check,
)
