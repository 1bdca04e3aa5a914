"""Tags in what ought to be plain words."""

import re

_TAG = re.compile(r"</?[a-z!?][^<>]{0,80}>?", re.IGNORECASE)
_REFUSED = re.compile(
    r"</?\s*(script|iframe|object|embed|form|mjml|mj-[a-z-]+)\b[^<>]{0,40}>?|\b(javascript|vbscript):(?=\S)",
    re.IGNORECASE,
)


def tag_in(text: str) -> str:
    """The first tag in a text, or an empty string."""
    found = _TAG.search(text)
    return found[0][:60] if found else ""


def refused(text: str) -> str:
    """What in a text would run, embed or include if it were ever taken for markup, or an empty string."""
    found = _REFUSED.search(text)
    return found[0][:60] if found else ""
