"""More picture than words."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.dom import Node
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.styles import declared
from aftercare.mail.lint.wording import words_in

MOST = 0.3
#: A word of 17 px type takes about this many square pixels, its part of the lines' spacing included.
_WORD = 60 * 27
_FEWEST_WORDS = 20


def _check(letter: Letter) -> Iterator[Hit]:
    pictures = letter.page.every("img")
    words = len(words_in(letter.seen))
    area = sum(_area(node) for node in pictures)
    if pictures and words < _FEWEST_WORDS:
        yield "html", "without its pictures it says nearly nothing"
    elif area > MOST * (area + words * _WORD):
        yield "html", f"pictures take {100 * area / (area + words * _WORD):.0f}% of it"
    for node in pictures:
        if node.attrs.get("height", "").lower() == "auto":
            yield "html", "a picture says height=auto, which is no height"


def _area(node: Node) -> float:
    return _side(node, "width", 600) * _side(node, "height", 200)


def _side(node: Node, side: str, default: float) -> float:
    style = dict(declared(node.attrs.get("style", "")))
    for said in (node.attrs.get(side, ""), style.get(side, "")):
        if found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*", said):
            return min(float(found[1]), 2000.0)
    # A logo is given by its height; how wide it is shows only when it is loaded.
    known = node.attrs.get("height", "") if side == "width" else node.attrs.get("width", "")
    return float(known) * 4 if side == "width" and known.isdecimal() and int(known) < 100 else default


RULE = Rule(
    "picture_share",
    "images",
    Severity.WARN,
    reason="With pictures off, which is how many read, an email of pictures is an empty box.",
    example='<img src="poster.jpg" width="600" height="900" alt="Our week">',
    fix="Say it in words. One small picture is plenty, with a height in pixels.",
    check=_check,
)
