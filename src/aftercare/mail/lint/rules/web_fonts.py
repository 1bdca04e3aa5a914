"""Letters from somebody else's server."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_LOADS = re.compile(r"@import[^;]*;?|@font-face", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.every("link"):
        yield "html", f"a style sheet or font is loaded from {node.attrs.get('href', '')[:60]}"
    for node in letter.page.every("style"):
        for found in _LOADS.finditer("".join(map(str, node.inside))):
            yield "html", f"css-at-font-face: {found[0][:60]}"


RULE = Rule(
    "web_fonts",
    "features",
    Severity.BLOCK,
    reason="Opening the email would tell that server who reads it, and most programs ignore the font.",
    example='<link href="https://fonts.googleapis.com/css?family=Lato" rel="stylesheet">',
    fix="Use the fonts that every computer has, as the shipped layout does.",
    check=_check,
)
