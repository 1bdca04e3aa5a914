"""Promises to screen readers that the page does not keep."""

from collections import Counter
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.wording import known

_KNOWN = frozenset(known("roles"))


def _check(letter: Letter) -> Iterator[Hit]:
    nodes = letter.page.nodes
    for node in nodes:
        role = node.attrs.get("role", "").strip()
        if role and role not in _KNOWN:
            yield "html", f"<{node.tag}> has the role “{role}”, which is none of an email's"
        if node.attrs.get("aria-hidden") == "true" and any("href" in one.attrs for one in node.all()):
            yield "html", "a link is hidden from screen readers, and the keyboard still stops at it"
    for name, count in Counter(node.attrs["id"] for node in nodes if "id" in node.attrs).items():
        if count > 1:
            yield "html", f"two elements have the id “{name}”"


RULE = Rule(
    "roles",
    "accessibility",
    Severity.BLOCK,
    reason="A wrong role is worse than none: the screen reader announces what is not there (WCAG 4.1.2).",
    example='<div role="buton">',
    fix="Take the role, the aria-hidden or the second id away.",
    check=_check,
)
