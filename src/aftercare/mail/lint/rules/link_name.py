"""Links without words."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.links:
        pictured = any(one.attrs.get("alt", "").strip() for one in node.all() if one.tag == "img")
        if not node.text and not node.attrs.get("aria-label", "").strip() and not pictured:
            yield "html", f"the link to {node.attrs['href'][:60]} has no words"


RULE = Rule(
    "link_name",
    "accessibility",
    Severity.BLOCK,
    reason="A screen reader says “link”, and nothing else (WCAG 2.4.4).",
    example='<a href="https://clinic.example/guides/walking"></a>',
    fix="Put the words of the link between its tags.",
    check=_check,
)
