"""Tags in what ought to be plain words."""

import re

#: A tag begins with a letter, `/`, `!` or `?` right behind the bracket, as browsers read it: "a < b" and "<3" do
#: not.
_TAG = re.compile(r"<[a-z/!?][^<>]{0,80}>?", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(javascript|vbscript):(?=\S)|\bdata:text/\S{0,40}", re.IGNORECASE)


def tag_in(text: str) -> str:
    """The first tag in a text, or an empty string."""
    found = _TAG.search(text)
    return found[0][:60] if found else ""


def refused(text: str) -> str:
    """What in a text would run, include or spoil the page if it were ever taken for markup, or an empty
    string."""
    found = _TAG.search(text) or _ADDRESS.search(text)
    return found[0][:60] if found else ""
