"""Who she is, in the address of a link."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_CLIENT = re.compile(r"\bcli_[a-z2-7]{8,}|[?&](client|client_id|email|name|patient|user|uid)=", re.IGNORECASE)
#: The clinic's own mailbox for leaving, beside the link or in its place.
_MAILBOX = re.compile(r"<mailto:[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def _check(letter: Letter) -> Iterator[Hit]:
    urls = [(node.attrs["href"], letter.place_of(node.text)) for node in letter.links]
    urls += [(node.attrs.get("src", ""), "html") for node in letter.page.every("img")]
    urls += [(value, "headers") for name, value in letter.headers if name.lower() == "list-unsubscribe"]
    for url, where in urls:
        if not url.lower().startswith("mailto:") and _personal(_MAILBOX.sub("", url)):
            yield where, "a link carries a client's id or an email address in clear"


def _personal(url: str) -> bool:
    return bool(_CLIENT.search(url) or _ADDRESS.search(unquote(url)))


RULE = Rule(
    "personal_address",
    "privacy",
    Severity.BLOCK,
    reason="Addresses are kept in histories and logs, and passed on with a forwarded email.",
    example="https://clinic.example/settings?email=maya@example.com",
    fix="Let a block make the link: its token says nothing to anybody else.",
    check=_check,
)
