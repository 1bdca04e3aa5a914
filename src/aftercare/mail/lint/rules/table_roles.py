"""Tables that only lay out."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    silent = [
        node for node in letter.page.every("table") if node.attrs.get("role") not in ("presentation", "none")
    ]
    layout = [node for node in silent if not any(one.tag == "th" for one in node.all())]
    if layout:
        tables = "1 table" if len(layout) == 1 else f"{len(layout)} tables"
        yield "html", f"{tables} without role=presentation"


RULE = Rule(
    "table_roles",
    "images",
    Severity.BLOCK,
    reason="A screen reader counts the rows and columns of every table that is not marked as layout.",
    example='<table width="600"><tr><td>Hello</td></tr></table>',
    fix='Write role="presentation" on it. A table of facts has <th> cells and no role.',
    check=_check,
)
