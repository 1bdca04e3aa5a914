"""Links that do not say where they lead."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_EMPTY = re.compile(
    r"(please )?(click|tap|press|read|find out|learn|see|go|look)?\s*"
    r"(here|this|this link|link|more|now|read on|details|continue|click|website|page)"
    r"( to (read|find out|see|learn) more)?[.…»>]*",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(r"https://\S+|www\.\S+|\b(click|tap) (here|this link|on the link)\b", re.IGNORECASE)
_URL = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.links:
        text = node.text
        if text and (_EMPTY.fullmatch(text) or _URL.fullmatch(text)):
            yield letter.place_of(text), f"a link says only “{text}”"
    for passage in letter.passages if letter.origin is not None else ():
        if found := _IN_WORDS.search(passage.text):
            yield passage.where, f"says “{found[0][:60]}” among the words"


RULE = Rule(
    "link_text",
    "language",
    Severity.WARN,
    reason="Screen readers list the links of an email without the words around them (WCAG 2.4.4).",
    example='<a href="...">Click here</a>',
    fix="Name what opens: “Other short walks”. A resource list makes the link by itself.",
    check=_check,
)
