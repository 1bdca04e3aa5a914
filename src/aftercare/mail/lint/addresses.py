"""Addresses in emails, taken apart without ever failing: they may be anything."""

from email.utils import parseaddr
from urllib.parse import SplitResult, urlsplit

_NONE = SplitResult("", "", "", "", "")


def split(url: str) -> SplitResult:
    """The parts of an address; all empty where it is none."""
    try:
        parts = urlsplit(url.strip())
        return _NONE if parts.hostname == "" else parts
    except ValueError:  # such as half an IPv6 address
        return _NONE


def is_safe(url: str) -> bool:
    """Whether it is a whole https address; of a sandbox, one of the reader's own computer."""
    parts = split(url)
    if parts.scheme.lower() == "http" and parts.hostname in ("127.0.0.1", "localhost"):
        return True
    return parts.scheme.lower() == "https" and "." in (parts.hostname or "") and not parts.username


def is_at(url: str, mailbox: str) -> bool:
    """Whether an address lies in the domain of a mailbox such as `"Willow" <hello@willow.example>`."""
    home = parseaddr(mailbox)[1].rpartition("@")[2].lower()
    host = (split(url).hostname or home).lower()
    return host == home or host.endswith(f".{home}")
