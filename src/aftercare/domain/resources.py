"""When something that a clinic recommends may stand in an email: a link that nobody has followed for a year
may lead somewhere else by now."""

from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

LOOK_AGAIN = timedelta(days=180)
EXPIRES = timedelta(days=365)
MAX_URL = 500


class Fault(StrEnum):
    """Why an entry may not go live."""

    NOT_HTTPS = "not_https"
    DEAD = "dead"
    EXPIRED = "expired"


def is_https(url: str) -> bool:
    """Whether this is the address of a page that others cannot read along with or exchange on the way, with
    nothing in it that a mail program or a merge field could read differently."""
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        return False
    strange = any(char.isspace() or not char.isprintable() or char in "{}<>\"'\\`" for char in url)
    return parts.scheme == "https" and bool(host) and user is None and not strange and len(url) <= MAX_URL


def fault(url: str, *, is_dead: bool, last_checked: date, today: date) -> Fault | None:
    """Why this entry may not go live; None where it may. Exactly 365 days after a look it still may. Both
    dates are of the clinic's calendar."""
    if not is_https(url):
        return Fault.NOT_HTTPS
    if is_dead:
        return Fault.DEAD
    return Fault.EXPIRED if today - last_checked > EXPIRES else None


def needs_a_look(last_checked: date, today: date) -> bool:
    """Whether somebody should follow the link again soon: more than 180 days are gone."""
    return today - last_checked > LOOK_AGAIN
