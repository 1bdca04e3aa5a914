"""What the headers of an email are for, in plain words."""

from dataclasses import dataclass
from email import message_from_bytes, policy

from aftercare.mail.message_ids import bounce_address


@dataclass(frozen=True)
class Header:
    """One line of the envelope or the head: its name, what it says, what for, and where that is laid down."""

    name: str
    value: str
    purpose: str
    standard: str


def explained(source: bytes) -> list[Header]:
    """The envelope's sender and every header of an email, in the order in which they stand."""
    mail = message_from_bytes(source, policy=policy.default)
    envelope = Header("Envelope sender", bounce_address(str(mail["Message-ID"])), *ENVELOPE)
    lines = [(name, str(value)) for name, value in mail.items()]
    return [envelope, *(Header(name, value, *PURPOSES.get(name.lower(), UNKNOWN)) for name, value in lines)]


ENVELOPE = (
    "Where a bounce goes: one address for each email. It travels beside the email, not in it.",
    "RFC 5321",
)
UNKNOWN = ("Added on the way.", "")
#: Name in small letters -> (what it is for, where it is laid down).
PURPOSES = {
    "from": ("Who writes, under the name that gives nothing away at a glance on a phone.", "RFC 5322"),
    "to": ("Whom it is for: one person. The name is left out on purpose.", "RFC 5322"),
    "reply-to": ("Where an answer goes: to a mailbox that somebody reads.", "RFC 5322"),
    "subject": ("What every inbox shows. It never says what the visit was about.", "RFC 5322"),
    "date": ("When the email was made. It stays the same should it be sent again.", "RFC 5322"),
    "message-id": (
        "Its own number, kept should it be sent again, so that a copy is known as one.",
        "RFC 5322",
    ),
    "list-id": ("Which kind of email this is, for those who sort or filter.", "RFC 2919"),
    "list-unsubscribe": ("What the mail program's own Unsubscribe button is made from.", "RFC 2369"),
    "list-unsubscribe-post": ("One press of that button stops them; opening the link does not.", "RFC 8058"),
    "feedback-id": ("Lets a mail provider say which kind of email people complain about.", ""),
    "x-auto-response-suppress": ("Asks Microsoft's servers for no out-of-office notes.", "MS-OXCMAIL"),
    "auto-submitted": ("Sent by a program, so other programs should not answer it.", "RFC 3834"),
    "content-language": ("The language, so that it is read aloud with the right voice.", "RFC 3282"),
    "mime-version": ("The email has parts, as nearly all have.", "RFC 2045"),
    "content-type": ("The same words twice: plain text, then HTML. The mail program picks one.", "RFC 2046"),
}
