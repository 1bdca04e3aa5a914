"""Words painted so that nobody sees them."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.styles import declared

_NOT_WORDS = ("head", "style", "script", "template", "title")
_WHITE = re.compile(r"#f{3}(f{3})?|white|transparent", re.IGNORECASE)
_TINY = re.compile(r"[01](\.\d+)?px|0")


def _check(letter: Letter) -> Iterator[Hit]:
    for text in _out_of_sight(letter):
        yield "html", f"“{text[:40]}” is there, and hidden"
    for node in letter.page.nodes:
        style = dict(declared(node.attrs.get("style", "")))
        unseen = node.hidden and node.text
        if unseen and (
            _WHITE.fullmatch(style.get("color", "")) or _TINY.fullmatch(style.get("font-size", ""))
        ):
            yield "html", f"“{node.text[:40]}” is hidden in white, or one pixel high"


def _out_of_sight(letter: Letter) -> Iterator[str]:
    """Hidden words of the body besides the preheader. Words of our frame are missed by rules of their own."""
    body = letter.page.first("body") or letter.page.root
    inside = (node for node in body.all() if node is not body and node.hidden and node.text)
    outermost = [node for node in inside if node.parent is None or not node.parent.hidden]
    for node in outermost[1:]:
        if node.tag not in _NOT_WORDS and not letter.is_frame(node.text):
            yield node.text


RULE = Rule(
    "hidden_words",
    "spam",
    Severity.WARN,
    reason="Spam hides words this way, so filters score it (HTML_FONT_LOW_CONTRAST); mj-preview does it.",
    example='<div style="display:none;font-size:1px;color:#ffffff">A preheader</div>',
    fix="Hide the preheader alone, with display:none and max-height:0 and nothing more.",
    check=_check,
)
