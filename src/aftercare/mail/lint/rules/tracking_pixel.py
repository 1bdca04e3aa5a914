"""A picture that only tells that the email was opened."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.dom import Node
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.styles import declared


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.every("img"):
        if any(_tiny(node, side) for side in ("width", "height")):
            yield "html", "a picture of one pixel is loaded when the email is opened"


def _tiny(node: Node, side: str) -> bool:
    style = dict(declared(node.attrs.get("style", "")))
    sizes = (node.attrs.get(side, ""), style.get(side, ""))
    return any(re.fullmatch(r"\s*[01](\.\d+)?\s*(px)?\s*", size) for size in sizes)


RULE = Rule(
    "tracking_pixel",
    "privacy",
    Severity.BLOCK,
    reason="Nobody asked her, and mail programs load pictures by themselves, so it tells nothing true.",
    example='<img src="https://track.example/o.gif" width="1" height="1" alt="">',
    fix="Take the picture out. Links can be counted per issue.",
    check=_check,
)
