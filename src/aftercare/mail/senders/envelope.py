"""A message as the bytes that SMTP wants, and the checks that keep injection out."""

import re

from aftercare.domain.outcomes import Blame, Permanent
from aftercare.mail.senders.base import Outgoing

# Printable ASCII without space and angle brackets; 254 is the longest path that fits RFC 5321 4.5.3.1.3.
ADDRESS = re.compile(r"[!-;=?-~]{1,254}")

ALL_BUT_BREAKS = bytes(set(range(256)) - set(b"\r\n"))


def refuse_unsendable(message: Outgoing, offers: dict[str, str]) -> Permanent | None:
    """Why `message` must not reach the wire; None where it may. A line break in an address would smuggle in
    commands, a bare LF in the content would smuggle in messages."""
    if not (ADDRESS.fullmatch(message.rcpt_to) and "@" in message.rcpt_to):
        return Permanent("address_not_sendable", Blame.RECIPIENT)
    if message.mail_from and not ADDRESS.fullmatch(message.mail_from):
        return Permanent("return_path_not_sendable", Blame.SENDER)
    content = message.content
    if len(content.translate(None, ALL_BUT_BREAKS)) != 2 * content.count(b"\r\n"):
        return Permanent("content_has_bare_line_break", Blame.CONTENT)
    if not content.isascii() and "8BITMIME" not in offers:
        return Permanent("content_needs_8bitmime", Blame.CONTENT)
    return None


def commands(message: Outgoing, offers: dict[str, str]) -> tuple[bytes, bytes, bytes]:
    """MAIL, RCPT and DATA, each with its line end (RFC 1870 SIZE, RFC 6152 BODY where offered)."""
    size = f" SIZE={len(message.content)}" if "SIZE" in offers else ""
    body = "" if message.content.isascii() else " BODY=8BITMIME"
    mail = f"MAIL FROM:<{message.mail_from}>{size}{body}\r\n"
    return mail.encode("ascii"), f"RCPT TO:<{message.rcpt_to}>\r\n".encode("ascii"), b"DATA\r\n"


def stuffed(content: bytes) -> bytes:
    """`content` as it stands before the final dot: ends with CRLF, leading dots doubled (RFC 5321 4.5.2)."""
    if content.startswith(b"."):
        content = b"." + content
    if b"\r\n." in content:
        content = content.replace(b"\r\n.", b"\r\n..")
    return content if content.endswith(b"\r\n") else content + b"\r\n"
