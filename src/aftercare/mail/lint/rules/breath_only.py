"""A practice with no way around the breath."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_BREATH = re.compile(r"\b(breath|inhal|exhal|respir)", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.origin is None:
        return
    for block in letter.origin.blocks:
        ways = getattr(block, "options", ())
        if ways and all(_BREATH.search(f"{way.label} {way.text}") for way in ways):
            yield block.key, "every way of doing it uses the breath"


RULE = Rule(
    "breath_only",
    "language",
    Severity.BLOCK,
    reason="Watching the breath makes some people more afraid; sounds, sights or hands do not.",
    example="Breathe in slowly; or breathe out slowly.",
    fix="Add a way that needs no breathing: sounds in the room, hands on something cool, a look around.",
    check=_check,
)
