"""The button for leaving that mail programs show."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.addresses import is_safe
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.purpose == "account":
        return
    leave = letter.header("List-Unsubscribe")
    links = re.fullmatch(r"<([^<>\s]+)>(\s*,\s*<mailto:[^<>\s]+>)?", leave)
    if links is None or not is_safe(links[1]):
        yield "headers", f"List-Unsubscribe is “{leave[:60]}”" if leave else "List-Unsubscribe is missing"
    post = letter.header("List-Unsubscribe-Post")
    if post != "List-Unsubscribe=One-Click":
        yield "headers", f"List-Unsubscribe-Post is “{post[:60]}”"
    if not re.fullmatch(r"<[a-z0-9-]+(\.[a-z0-9-]+)+>", letter.header("List-ID")):
        yield "headers", "List-ID is missing, or more than a label in angle brackets"


RULE = Rule(
    "list_unsubscribe",
    "headers",
    Severity.BLOCK,
    reason="Without it a mailbox provider offers only “Spam” (RFC 8058, RFC 2369, RFC 2919).",
    example="List-Unsubscribe: <http://clinic.example/u/1>",
    fix="One https address in angle brackets, and List-Unsubscribe-Post: List-Unsubscribe=One-Click.",
    check=_check,
)
