"""Words that cannot be read against their ground."""

from collections.abc import Iterator

from aftercare.mail.colours import contrast
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.paint import Painted
from aftercare.mail.lint.styles import Scheme

_SCHEMES: tuple[tuple[Scheme, str], ...] = (("light", "by day"), ("dark", "in dark mode"))
_LEAST, _LEAST_LARGE = 4.5, 3.0


def _check(letter: Letter) -> Iterator[Hit]:
    where = "html" if letter.origin is None else "theme"
    for scheme, when in _SCHEMES:
        for one in letter.painted[scheme]:
            if _faint(one):
                said = one.node.own_text[:40]
                yield where, f"“{said}” is {one.paint.ink_seen} on {one.paint.ground} {when}"


def _faint(one: Painted) -> bool:
    paint = one.paint
    if not paint.ink_seen:
        return False
    return contrast(paint.ink_seen, paint.ground) < (_LEAST_LARGE if paint.large else _LEAST)


RULE = Rule(
    "contrast",
    "accessibility",
    Severity.BLOCK,
    reason="Grey on white is lost on a telephone in the sun, and on anybody over fifty (WCAG 1.4.3).",
    example='<p style="color:#aaaaaa">Rest, if it suits.</p>',
    fix="Choose a darker ink by day and a lighter one by night, for 4.5:1 (large words 3:1).",
    check=_check,
)
