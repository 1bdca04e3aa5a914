"""Who wrote, when, and who reads the answer."""

import re
from collections.abc import Iterator
from email.utils import getaddresses, parsedate_to_datetime

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_NOBODY = re.compile(r"(no|do.?not|never).?reply@|^(bounce|mailer-daemon|null)@", re.IGNORECASE)
_ONCE = ("From", "To", "Subject", "Date", "Message-ID", "Reply-To")


def _check(letter: Letter) -> Iterator[Hit]:
    for name in _ONCE:
        if letter.count(name) != 1 or not letter.header(name):
            yield "headers", f"there must be one {name}, and there are {letter.count(name)} that say anything"
    if letter.header("Message-ID") and not re.fullmatch(
        r"<[^<>@\s]+@[^<>@\s]+>", letter.header("Message-ID")
    ):
        yield "headers", "Message-ID must be one name@domain in angle brackets"
    if letter.header("Date") and not _is_date(letter.header("Date")):
        yield "headers", "Date cannot be read"
    for name in ("Reply-To", "From"):
        for _, address in getaddresses([letter.header(name)]):
            if _NOBODY.search(address):
                yield "headers", f"{name} is an address that nobody reads"


def _is_date(value: str) -> bool:
    try:
        return parsedate_to_datetime(value).tzinfo is not None
    except ValueError:
        return False


RULE = Rule(
    "identity",
    "headers",
    Severity.BLOCK,
    reason="A person who answers on a hard evening must reach one; filters weigh what is missing.",
    example="Reply-To: no-reply@clinic.example",
    fix="One of each: From, To, Subject, Date, Message-ID, and a Reply-To that a person reads.",
    check=_check,
)
