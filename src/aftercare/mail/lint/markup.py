"""Tags in what ought to be plain words."""

import re

#: A tag begins with a letter, `/`, `!` or `?` right behind the bracket, as browsers read it: "a < b" and "<3"
#: do not.
_TAG = re.compile(r"<[a-z/!?][^<>]{0,80}>?", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(javascript|vbscript):(?=\S)|\bdata:text/\S{0,40}", re.IGNORECASE)
_MARKDOWN = re.compile(r"\*\*[^*\n]{1,80}\*\*|\[[^\[\]]{1,80}\]\(\S{1,80}?\)|__\w[^_\n]{0,80}__|^#{1,4} \S+")


def tag_in(text: str) -> str:
    """The first tag in a text, or an empty string."""
    found = _TAG.search(text)
    return found[0][:60] if found else ""


def signs_in(text: str) -> str:
    """The first piece that another program would make bold or a link of, or an empty string."""
    found = _MARKDOWN.search(text)
    return found[0][:60] if found else ""


def refused(text: str) -> str:
    """What in a text would run, include or spoil the page if it were ever taken for markup, or an empty
    string."""
    found = _TAG.search(text) or _ADDRESS.search(text)
    return found[0][:60] if found else ""
