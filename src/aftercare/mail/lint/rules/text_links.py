"""Links that the text part does not have."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    if not letter.text.strip():
        return
    digits = re.sub(r"[^\d]", "", letter.text)
    for node in letter.links:
        href = node.attrs["href"].strip()
        scheme, _, rest = href.partition(":")
        if scheme.lower() in ("tel", "sms"):
            there = re.sub(r"\D", "", rest.partition("?")[0]) in digits
        elif scheme.lower() in ("http", "https", "mailto"):
            there = _whole(href if scheme.lower() != "mailto" else rest.partition("?")[0], letter.text)
        else:
            continue
        if not there:
            yield "text", f"“{node.text[:40]}” leads somewhere in the HTML that the text does not name"


def _whole(address: str, text: str) -> bool:
    """Not only as the beginning of a longer address."""
    return re.search(rf"{re.escape(address.rstrip('/'))}/?(?![\w/?#=&-])", text) is not None


RULE = Rule(
    "text_links",
    "text_part",
    Severity.BLOCK,
    reason="Who reads the text must be able to get wherever the others can.",
    example="An HTML part with a guide, and a text part without its address.",
    fix="Write every address of the HTML into the text.",
    check=_check,
)
