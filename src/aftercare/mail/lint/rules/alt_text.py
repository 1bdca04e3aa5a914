"""Pictures without words."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_FILE = re.compile(r"[\w-]+\.(png|jpe?g|gif|webp|svg)", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.every("img"):
        source, alt = node.attrs.get("src", "")[-40:], node.attrs.get("alt")
        if alt is None:
            yield "html", f"the picture {source} has no alt"
        elif _FILE.fullmatch(alt.strip()):
            yield "html", f"the picture {source} is described by the name of a file"


RULE = Rule(
    "alt_text",
    "images",
    Severity.BLOCK,
    reason="Half of all mail programs show no pictures until they are asked to (WCAG 1.1.1).",
    example='<img src="path.jpg">',
    fix='Say in alt what it shows; alt="" where it is only decoration.',
    check=_check,
)
