"""One recipient's message: a compiled email and her values make the complete bytes."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from aftercare.errors import InvalidInput
from aftercare.mail import headers, qp
from aftercare.mail.skeleton import Parts, Skeleton, Slot

# Controls, line and paragraph separators, bidirectional overrides (a name must not turn the text around it)
# and lone surrogates; joiners stay, names in Persian and Hindi need them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:=?-]{8,60}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")
_LIST_LABEL = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class MessageInputs:
    """Frozen at the first attempt, so that every later one makes the same bytes.

    `date` is aware; `values` has `first_name`, `therapist.first_name`, `run.emails`, `run.days` as far as the
    skeleton asks (`Skeleton.fields()`); `view_url` shows this very email in a browser and `consent_url` is
    for one that asks for consent: where they are empty, the settings' stands in; `checkin_url` is for one
    that asks how she is, `app_url` for one to a colleague; `purpose` is care, newsletter or account. Her name
    is an input of no
    header (standards section 3, row 2)."""

    message_id: str
    date: datetime
    boundary: str
    to_address: str
    values: Mapping[str, str]
    unsubscribe_url: str
    settings_url: str
    list_id: str
    reply_to: str
    from_name: str
    from_address: str
    feedback_id: str | None = None
    view_url: str = ""
    consent_url: str = ""
    checkin_url: str = ""
    app_url: str = ""
    purpose: str = "care"


def build_message(skeleton: Skeleton, inputs: MessageInputs) -> bytes:
    """The complete RFC 5322 bytes with CRLF, unsigned. Same arguments, same bytes.

    Newsletters have no Auto-Submitted and account mail has no List headers. Raises InvalidInput where a
    header would carry a line break or control character, an address cannot be written in ASCII, a link is
    not https or a value that has no fallback is missing."""
    values = {
        **inputs.values,
        "unsubscribe_url": headers.https_url("unsubscribe_url", inputs.unsubscribe_url),
        "settings_url": headers.https_url("settings_url", inputs.settings_url),
        "view_url": headers.https_url("view_url", inputs.view_url or inputs.settings_url),
        "consent_url": headers.https_url("consent_url", inputs.consent_url or inputs.settings_url),
    }
    values["app_url"] = headers.https_url("app_url", inputs.app_url or inputs.settings_url)
    if inputs.checkin_url:
        values["checkin_url"] = headers.https_url("checkin_url", inputs.checkin_url)
    delimiter = b"--" + _boundary(inputs.boundary).encode("ascii")
    return b"".join(
        [
            _header_block(skeleton, inputs, values).encode("ascii"),
            delimiter + _part_head("plain"),
            *_fill(skeleton.text, values, escape=False),
            b"\r\n" + delimiter + _part_head("html"),
            *_fill(skeleton.html, values, escape=True),
            b"\r\n" + delimiter + b"--\r\n",
        ]
    )


def _header_block(skeleton: Skeleton, inputs: MessageInputs, values: Mapping[str, str]) -> str:
    if inputs.date.utcoffset() is None:
        raise InvalidInput("date", "must be an aware datetime")
    subject = "".join(p if isinstance(p, str) else _value(p, values) for p in skeleton.subject)
    return "".join(
        [
            headers.mailbox("From", inputs.from_name, inputs.from_address),
            headers.structured("To", headers.ascii_address("To", inputs.to_address)),
            headers.structured("Reply-To", headers.ascii_address("Reply-To", inputs.reply_to)),
            headers.unstructured("Subject", subject),
            headers.structured("Date", format_datetime(inputs.date)),
            headers.structured("Message-ID", _message_id(inputs.message_id)),
            *_list_headers(inputs),
            *_automatic_headers(inputs),
            headers.structured("Content-Language", skeleton.language),
            headers.structured("MIME-Version", "1.0"),
            f'Content-Type: multipart/alternative;\r\n boundary="{inputs.boundary}"\r\n\r\n',
        ]
    )


def _list_headers(inputs: MessageInputs) -> list[str]:
    """RFC 8058 section 3.1 and RFC 2919. Mail that a person asked for just now belongs to no list."""
    if inputs.purpose == "account":
        return []
    lines = [
        headers.structured("List-ID", f"<{_list_label(inputs.list_id)}>"),
        headers.structured("List-Unsubscribe", f"<{inputs.unsubscribe_url}>"),
        headers.structured("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]
    if inputs.feedback_id:
        lines.append(headers.structured("Feedback-ID", inputs.feedback_id))
    return lines


def _automatic_headers(inputs: MessageInputs) -> list[str]:
    """RFC 3834 section 5; a newsletter is written by a person, so it does not call itself generated."""
    lines = [headers.structured("X-Auto-Response-Suppress", "All")]
    if inputs.purpose != "newsletter":
        lines.append(headers.structured("Auto-Submitted", "auto-generated"))
    return lines


def _fill(parts: Parts, values: Mapping[str, str], *, escape: bool) -> Iterator[bytes]:
    """Each value stands between soft breaks, so that neither side can push the other over 76 columns."""
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            text = _value(part, values)
            yield qp.SOFT_BREAK + qp.encode(html.escape(text) if escape else text) + qp.SOFT_BREAK


def _value(slot: Slot, values: Mapping[str, str]) -> str:
    """The value on one line, or its fallback where it is missing or blank.

    A name in a right-to-left script is isolated, so that the comma after it stays after it (UAX 9)."""
    value = " ".join(_UNPRINTABLE.sub(" ", values.get(slot.field, "")).split()) or slot.fallback
    if value is None:
        raise InvalidInput(slot.field, "has no value, and this email gives it no fallback")
    return f"\u2068{value}\u2069" if _RIGHT_TO_LEFT.search(value) else value


def _part_head(subtype: str) -> bytes:
    kind = f"Content-Type: text/{subtype}; charset=utf-8"
    return f"\r\n{kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode("ascii")


def _boundary(text: str) -> str:
    return _matching("boundary", text, _BOUNDARY)


def _message_id(text: str) -> str:
    return _matching("message_id", text, _MESSAGE_ID)


def _list_label(text: str) -> str:
    return _matching("list_id", text, _LIST_LABEL)


def _matching(field: str, text: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(text):
        raise InvalidInput(field, f"must look like {pattern.pattern}")
    return text
