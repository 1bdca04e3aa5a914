"""Links that only their colour tells from the words around them."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.buttons import is_button
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.styles import declared


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.links:
        style = dict(declared(node.attrs.get("style", "")))
        line = style.get("text-decoration", style.get("text-decoration-line", ""))
        if "none" in line and not is_button(node) and node.text:
            yield "html", f"the link “{node.text[:40]}” is not underlined"


RULE = Rule(
    "link_visible",
    "accessibility",
    Severity.BLOCK,
    reason="One man in twelve does not see colours as others do (WCAG 1.4.1).",
    example='<a href="..." style="text-decoration:none">Walking</a>',
    fix="Underline it, or give it a border like a button.",
    check=_check,
)
