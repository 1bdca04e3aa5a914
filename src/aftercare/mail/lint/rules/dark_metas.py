"""An email that does not say that it knows the dark."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    metas = {node.attrs.get("name", ""): node.attrs.get("content", "") for node in letter.page.every("meta")}
    for name in ("color-scheme", "supported-color-schemes"):
        if "dark" not in metas.get(name, ""):
            yield "html", f"the meta {name} does not name dark"


RULE = Rule(
    "dark_metas",
    "dark",
    Severity.WARN,
    reason="Without them Apple Mail turns the colours round by itself.",
    example="A head without color-scheme.",
    fix='<meta name="color-scheme" content="light dark">, and supported-color-schemes likewise.',
    check=_check,
)
