"""Words of care where strangers see them."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import unquote

from aftercare.mail.lint import wording
from aftercare.mail.lint.addresses import is_at, split
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

#: Headers that are looked at by themselves, or that hold nothing that we wrote.
_LEFT_OUT = {"subject", "from", "to", "reply-to", "date", "received", "dkim-signature", "mime-version"}
#: Session facts are never put in a header (design section 1).
_TELLING = re.compile(r"outcome|diagnos|therap|session", re.IGNORECASE)
#: Part of an address that is a token, in which any word may turn up by chance.
_OPAQUE = re.compile(r"(?=\w*[A-Z0-9])\w{24,}")


def _check(letter: Letter) -> Iterator[Hit]:
    name, address = parseaddr(letter.header("From"))
    # The domain is in the sender's address, and so in plain sight whatever we say about it.
    domain = address.partition("@")[2] or "@"
    shown = {
        "subject": letter.subject,
        "preheader": letter.preheader,
        "public_name": letter.public_name,
        "sender": f"{name} {address.partition('@')[0]}",
    }
    for where, text in shown.items():
        for said in _found(letter, text):
            yield where, f"says “{said}”"
    for header, value in letter.headers:
        if header.lower() not in _LEFT_OUT:
            for said in _found(letter, " ".join(_readable(value.replace(domain, "")))):
                yield "headers", f"{header} says “{said}”"
            if _TELLING.search(header):
                yield "headers", f"{header} tells what was noted about a visit"
    for name in letter.files:
        for said in _found(letter, name):
            yield "headers", f"the file name “{name[:60]}” says “{said}”"
    yield from _addresses(letter)


def _addresses(letter: Letter) -> Iterator[Hit]:
    named = [(node.attrs["href"], letter.place_of(node.text)) for node in letter.links]
    named += [(node.attrs.get("src", ""), "html") for node in letter.page.every("img")]
    for url, where in named:
        # What everybody is sent says nothing about one reader, and a source is called what it is called.
        elsewhere = not is_at(url, letter.header("From"))
        if elsewhere and (letter.purpose == "newsletter" or letter.for_staff):
            continue
        for said in _found(letter, " ".join(_readable(url))):
            yield where, f"an address says “{said}”"


def _readable(value: str) -> list[str]:
    """The parts of an address that a person can read; whose domain it is, the sender shows anyway."""
    pieces = []
    for url in value.replace("<", " ").replace(">", " ").split():
        parts = split(url)
        path = f"{parts.path} {parts.query} {parts.fragment}" if "://" in url else url
        pieces += [unquote(part) for part in path.replace("/", " ").replace("&", " ").split()]
    return [piece for piece in pieces if not _OPAQUE.fullmatch(piece)]


def _found(letter: Letter, text: str) -> list[str]:
    stems = wording.patterns()["health"]
    return wording.any_of([*stems["en"], *stems.get(letter.language, [])], text)


RULE = Rule(
    "health_words",
    "privacy",
    Severity.BLOCK,
    reason="A subject or an address is read on locked screens, by families, employers and mail servers.",
    example="Subject: After your massage session",
    fix="Say “visit”, or nothing of the kind. For the sender there is a discreet name in the settings.",
    check=_check,
)
