"""What runs, asks or embeds."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.wording import known

ACTIVE = frozenset(known("active"))


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.nodes:
        if node.tag in ACTIVE:
            yield "html", f"html-{node.tag}: the element <{node.tag}>"
        for name in node.attrs:
            if name.startswith("on"):
                yield "html", f"the attribute {name} on <{node.tag}>"
        if node.tag == "meta" and node.attrs.get("http-equiv", "").lower() == "refresh":
            yield "html", "a page that leads elsewhere by itself"


RULE = Rule(
    "active_content",
    "features",
    Severity.BLOCK,
    reason="Mail programs strip it, and filters take a message that tries for an attack.",
    example="<script>, <form>, <video>, onclick",
    fix="Link to a page on the clinic's own site instead.",
    check=_check,
)
