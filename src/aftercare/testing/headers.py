"""The header checklist: one function that every message of every test has to pass.

Row numbers are those of the house's email standards (A: care, N: newsletter, T: account). DKIM (row 14)
and the envelope (row 15) are checked where they are made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Literal

Purpose = Literal["care", "newsletter", "account"]

_ONCE = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Content-Type", "Content-Language")
_LIST = ("List-ID", "List-Unsubscribe", "List-Unsubscribe-Post")
_KNOWN = {
    *(name.lower() for name in (*_ONCE, *_LIST)),
    *("reply-to", "auto-submitted", "x-auto-response-suppress", "precedence", "feedback-id"),
    *("dkim-signature", "return-path"),
}
_PRIVATE_WORDS = re.compile(
    r"\b(massage|emotion|release|therap|trauma|counsel|pain|anxiety|tears|crisis|session|treatment|diagnos"
    r"|symptom|patient|mental)",
    re.IGNORECASE,
)
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class _Seen:
    """One message, as bytes and parsed. `headers` keep their raw folded values."""

    raw: bytes
    rcpt: str
    purpose: Purpose
    headers: tuple[tuple[str, bytes], ...]
    message: EmailMessage

    @cached_property
    def unfolded(self) -> dict[str, list[str]]:
        """Unfolded raw values of each header, in order, by its name in lower case."""
        values: dict[str, list[str]] = {}
        for header, value in self.headers:
            text = re.sub(rb"\r\n(?=[ \t])", b"", value).strip().decode("ascii", "replace")
            values.setdefault(header.lower(), []).append(text)
        return values

    @cached_property
    def parts(self) -> list[tuple[str, Message]]:
        """Each part with its type, the message itself first."""
        return [(part.get_content_type(), part) for part in self.message.walk()]

    @cached_property
    def bodies(self) -> dict[str, str]:
        """The decoded text of the first part of each type of text."""
        texts = [(kind, part) for kind, part in reversed(self.parts) if kind.startswith("text/")]
        return {kind: str(part.get_content()) for kind, part in texts if isinstance(part, EmailMessage)}

    def all(self, name: str) -> list[str]:
        """Unfolded raw values of a header, in order."""
        return self.unfolded.get(name.lower(), [])

    def one(self, name: str) -> str:
        """The raw value of a header that row checks have found once; empty if it is missing."""
        return (self.all(name) or [""])[0]

    def body(self, subtype: str) -> str:
        """The decoded text of the first part with this subtype."""
        return self.bodies.get(f"text/{subtype}", "")


def assert_aftercare_headers(raw: bytes, rcpt: str, *, purpose: Purpose = "care") -> None:
    """AssertionError whose text starts with the row that the message breaks, such as `row 9:`.

    `rcpt` is the envelope recipient that the message went to (its domain in A-labels)."""
    head = raw.partition(b"\r\n\r\n")[0]
    lines = re.split(rb"\r\n(?![ \t])", head)
    headers = tuple(
        (name.decode("ascii", "replace"), value) for name, _, value in (x.partition(b":") for x in lines)
    )
    message = message_from_bytes(raw, policy=default)
    seen = _Seen(raw, rcpt, purpose, headers, message)
    for faults in (
        _lines,
        _people,
        _origin,
        _subject,
        _structure,
        _list,
        _automatic,
        _disclosure,
        _size,
        _language,
    ):
        for fault in faults(seen):
            raise AssertionError(fault)


def _lines(seen: _Seen) -> Iterator[str]:
    head = seen.raw.partition(b"\r\n\r\n")[0]
    if re.search(rb"(?<!\r)\n|\r(?!\n)|\x00|\x0b", seen.raw):
        yield "row 6: bare CR, bare LF, NUL or VT in the message"
    if any(len(line) > 998 for line in seen.raw.split(b"\r\n")):
        yield "row 6: a line is longer than 998 octets"
    if not head.isascii():
        yield "row 6: a header holds bytes that are not ASCII"
    for name, value in seen.headers:
        if (
            name.lower().startswith("list-") or name in ("Message-ID", "References", "To")
        ) and b"=?" in value:
            yield f"row 6: encoded word in {name}"
        if re.search(rb"<[^>]*=\?", value):
            yield f"row 6: encoded word inside the address of {name}"
        if re.search(rb"\?==\?", value):
            yield f"row 6: encoded words of {name} are not separated"


def _people(seen: _Seen) -> Iterator[str]:
    for name in _ONCE:
        if len(seen.all(name)) != 1:
            row = {"From": 1, "To": 2, "Date": 3, "Message-ID": 4, "Subject": 5, "MIME-Version": 8}.get(name)
            row = row or (21 if name == "Content-Language" else 7)
            yield f"row {row}: {len(seen.all(name))} headers {name} instead of one"
    if len(seen.message["From"].addresses) != 1 or not seen.message["From"].addresses[0].domain:
        yield "row 1: From must be exactly one mailbox"
    if seen.one("To") != seen.rcpt:
        yield "row 2: To must be the bare address of the envelope recipient and nothing else"
    if seen.all("Cc") or seen.all("Bcc"):
        yield "row 2: Cc or Bcc present"
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+|[^<>]*<[^@\s<>]+@[^@\s<>]+>", seen.one("Reply-To")):
        yield "row 16: Reply-To must be an address that a person reads"


def _origin(seen: _Seen) -> Iterator[str]:
    if (
        not re.search(r" [+-]\d{4}$", seen.one("Date"))
        or parsedate_to_datetime(seen.one("Date")).tzinfo is None
    ):
        yield "row 3: Date needs a numeric zone"
    if not re.fullmatch(r"<ac\.[a-z2-7]{26}@[a-z0-9.-]+>", seen.one("Message-ID")):
        yield "row 4: Message-ID is not of the form <ac.…@domain>"
    for signature in seen.all("DKIM-Signature"):
        signer = (re.search(r"\bd=([^;\s]+)", signature) or ["", ""])[1]
        if not _aligned(seen.message["From"].addresses[0].domain, signer):
            yield "row 1: the From domain is not aligned with DKIM d="


def _aligned(domain: str, signer: str) -> bool:
    """Relaxed alignment, near enough for tests: one of the two domains lies within the other."""
    return domain == signer or domain.endswith(f".{signer}") or signer.endswith(f".{domain}")


def _subject(seen: _Seen) -> Iterator[str]:
    subject = str(seen.message["Subject"])
    if not subject.strip():
        yield "row 5: the Subject is empty"
    for name in ("Subject", "List-ID", "Feedback-ID"):
        if word := _PRIVATE_WORDS.search(str(seen.message[name] or "")):
            yield f"row 5: {name} says {word[0]!r}"


def _structure(seen: _Seen) -> Iterator[str]:
    if seen.one("MIME-Version") != "1.0":
        yield "row 8: MIME-Version must be 1.0"
    kinds = [kind for kind, _ in seen.parts]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        yield f"row 7: parts are {kinds}, not multipart/alternative of text/plain and text/html"
        return
    if any(part.defects for _, part in seen.parts):
        yield "row 7: the parser finds defects"
    for _, part in seen.parts[1:]:
        if part.get_content_charset() != "utf-8":
            yield "row 7: charset must be utf-8"
        if str(part["Content-Transfer-Encoding"]) not in ("quoted-printable", "base64"):
            yield "row 7: transfer encoding must be quoted-printable or base64"
    if not seen.body("plain").strip():
        yield "row 7: the plain text is empty"
    if any(len(line) > 76 for line in seen.raw.partition(b"\r\n\r\n")[2].split(b"\r\n")):
        yield "row 7: an encoded line is longer than 76"


def _list(seen: _Seen) -> Iterator[str]:
    if seen.purpose == "account":
        for name in (*_LIST, "Feedback-ID"):
            if seen.all(name):
                yield f"row 9: account mail must not carry {name}"
        return
    unsubscribe = seen.one("List-Unsubscribe")
    links = re.fullmatch(r"<(https://[!-;=?-~]+)>(, <mailto:[!-;=?-~]+>)?", unsubscribe)
    if len(seen.all("List-Unsubscribe")) != 1 or not links:
        yield "row 9: List-Unsubscribe must be one header with exactly one https URI in angle brackets"
    elif links[1] not in seen.body("plain") or links[1] not in seen.body("html").replace("&amp;", "&"):
        yield "row 17: the body shows no unsubscribe link"
    if seen.all("List-Unsubscribe-Post") != ["List-Unsubscribe=One-Click"]:
        yield "row 10: List-Unsubscribe-Post must be List-Unsubscribe=One-Click"
    if len(seen.all("List-ID")) != 1 or not re.fullmatch(r"<[a-z0-9-]+(\.[a-z0-9-]+)+>", seen.one("List-ID")):
        yield "row 11: List-ID must be one label in angle brackets"
    for feedback in seen.all("Feedback-ID"):
        if not re.fullmatch(r"[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+){3}", feedback):
            yield "row 22: Feedback-ID must be four opaque fields"


def _automatic(seen: _Seen) -> Iterator[str]:
    expected = [] if seen.purpose == "newsletter" else ["auto-generated"]
    if seen.all("Auto-Submitted") != expected:
        yield f"row 12: Auto-Submitted must be {expected}"
    if seen.all("X-Auto-Response-Suppress") != ["All"]:
        yield "row 13: X-Auto-Response-Suppress must be All"
    if seen.all("Precedence") and seen.purpose != "newsletter":
        yield "row 13: Precedence is for newsletters only"


def _disclosure(seen: _Seen) -> Iterator[str]:
    for name, _value in seen.headers:
        if name.lower() not in _KNOWN:
            yield f"row 19: unexpected header {name}"
    for url in re.findall(r"""(?:href|src)=["']([^"']*)""", seen.body("html")):
        if not url.startswith(("https://", "tel:", "sms:")):
            yield "row 23: a link is not https"
        if "@" in url or seen.rcpt.partition("@")[0] in url.split("/")[3:]:
            yield "row 18: a link carries the address"


def _size(seen: _Seen) -> Iterator[str]:
    if len(seen.body("html").encode()) > 102 * 1024:
        yield "row 20: the HTML is larger than 102 KB"
    if len(seen.raw) > 1_000_000:
        yield "row 20: the message is larger than 1 MB"


def _language(seen: _Seen) -> Iterator[str]:
    language = seen.one("Content-Language")
    tag = (re.search(r"<html[^>]*>", seen.body("html")) or [""])[0]
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", language) or f'lang="{language}"' not in tag:
        yield "row 21: Content-Language and <html lang> must be the same language"
    direction = "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
    if f'dir="{direction}"' not in tag:
        yield f"row 21: <html dir> must be {direction}"
