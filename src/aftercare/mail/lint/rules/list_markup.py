"""Lists that are not lists."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.every("ul", "ol"):
        for child in node.children:
            if child.tag not in ("li", "script", "template"):
                yield "html", f"a <{child.tag}> stands right inside a list"
    for node in letter.page.every("li"):
        if node.parent is None or node.parent.tag not in ("ul", "ol", "menu"):
            yield "html", f"“{node.text[:40]}” is an item of no list"


RULE = Rule(
    "list_markup",
    "accessibility",
    Severity.BLOCK,
    reason="A screen reader says how many items a list has, and counts wrong.",
    example="<ul><div>Rest</div></ul>",
    fix="Put every item in <li>, and every <li> in <ul> or <ol>.",
    check=_check,
)
