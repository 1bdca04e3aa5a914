"""Links that open nothing, or nothing good."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.addresses import is_safe
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_TELEPHONE = re.compile(r"(tel|sms):\+?[\d-]+(\?body=.*)?", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^@\s]+@[^@\s]+", re.IGNORECASE)
_IN_WORDS = re.compile(r"\b(javascript|vbscript|data):[^\s]|\bhttp://", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    for node in letter.page.every("a"):
        href = node.attrs.get("href", "").strip()
        if not href or href == "#":
            yield letter.place_of(node.text), f"the link “{node.text[:40]}” leads nowhere"
        elif not _opens(href):
            yield letter.place_of(node.text), f"the link “{node.text[:40]}” leads to {href[:40]}"
    for node in letter.page.every("img"):
        source = node.attrs.get("src", "")
        if not source.startswith("cid:") and not is_safe(source):
            yield "html", f"a picture is loaded from {source[:40] or 'nowhere'}"
    if letter.origin is not None:
        for passage in letter.passages:
            if found := _IN_WORDS.search(passage.text):
                yield passage.where, f"names an address that begins with {found[0]}"


def _opens(href: str) -> bool:
    return bool(_TELEPHONE.fullmatch(href) or _MAIL.match(href)) or is_safe(href)


RULE = Rule(
    "link_scheme",
    "features",
    Severity.BLOCK,
    reason="Anything but https, tel, sms and mailto is stripped, or read by others on the way.",
    example='<a href="javascript:alert(1)">, <a href="http://clinic.example">, <a href="">',
    fix="Write a whole address that begins with https://.",
    check=_check,
)
