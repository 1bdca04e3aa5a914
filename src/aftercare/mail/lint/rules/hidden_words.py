"""Words painted so that nobody sees them."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.styles import declared

_WHITE = re.compile(r"#f{3}(f{3})?|white|transparent", re.IGNORECASE)
_TINY = re.compile(r"[01](\.\d+)?px|0")


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.nodes:
        style = dict(declared(node.attrs.get("style", "")))
        unseen = node.hidden and node.text
        if unseen and (
            _WHITE.fullmatch(style.get("color", "")) or _TINY.fullmatch(style.get("font-size", ""))
        ):
            yield "html", f"“{node.text[:40]}” is hidden in white, or one pixel high"


RULE = Rule(
    "hidden_words",
    "spam",
    Severity.WARN,
    reason="Spam hides words this way, so filters score it (HTML_FONT_LOW_CONTRAST); mj-preview does it.",
    example='<div style="display:none;font-size:1px;color:#ffffff">A preheader</div>',
    fix="Hide the preheader with display:none and max-height:0 alone.",
    check=_check,
)
