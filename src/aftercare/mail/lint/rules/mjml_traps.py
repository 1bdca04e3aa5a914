"""What the MJML compiler lets through without a word."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_HOSTS = re.compile(r"mailjet\.com|fonts\.gstatic\.com|cdn\.mjml", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.nodes:
        if node.tag.startswith("mj-") or node.tag == "mjml":
            yield "html", f"the MJML tag <{node.tag}> was never compiled"
        if node.tag == "img" and _HOSTS.search(node.attrs.get("src", "")):
            yield "html", "an icon is loaded from the MJML makers' server"


RULE = Rule(
    "mjml_traps",
    "features",
    Severity.BLOCK,
    reason="A misspelt MJML tag compiles to nothing, or to itself, and social icons come from afar.",
    example="<mj-buton>Read</mj-buton>",
    fix="Correct the tag in the block's template; draw icons as words.",
    check=_check,
)
