"""Names that are computed from a message row, so that a retry or another worker arrives at the same ones."""

import base64
import hashlib
import hmac


def message_id(key: bytes, message_row_id: str, domain: str) -> str:
    """The Message-ID with its angle brackets (RFC 5322 section 3.6.4); it tells nothing of the row."""
    return f"<ac.{_digest(key, 'message-id', message_row_id)}@{domain}>"


def bounce_address(message_id: str) -> str:
    """The envelope sender of the message with this Message-ID: one of its own for each message, so that a
    bounce says by its mere address which email it is about (VERP; standards section 3, row 15)."""
    local, _, domain = message_id.strip("<>").partition("@")
    return f"bounce.{local.removeprefix('ac.')}@{domain}"


def boundary(key: bytes, message_row_id: str) -> str:
    """A MIME boundary. It contains `=_`, which quoted-printable text never does (RFC 2045 section 6.7)."""
    return f"=_ac_{_digest(key, 'boundary', message_row_id)}"


def _digest(key: bytes, use: str, row_id: str) -> str:
    mac = hmac.digest(key, f"{use}\x00{row_id}".encode(), hashlib.sha256)
    return base64.b32encode(mac).decode("ascii").lower()[:26]
