"""The checklist itself can fail, row by row."""

from collections.abc import Callable

import pytest

from aftercare.testing.headers import assert_aftercare_headers
from tests.mail.letters import RCPT, SETTINGS, UNSUBSCRIBE, message_of

Break = Callable[[bytes], bytes]


def swap(old: str, new: str) -> Break:
    def change(raw: bytes) -> bytes:
        assert old.encode() in raw, f"the sample has no {old}"
        return raw.replace(old.encode(), new.encode())

    return change


def drop(name: str) -> Break:
    return lambda raw: b"\r\n".join(x for x in raw.split(b"\r\n") if not x.startswith(f"{name}:".encode()))


def add(line: str) -> Break:
    return lambda raw: line.encode() + b"\r\n" + raw


BROKEN: list[tuple[str, Break]] = [
    ("row 1: ", drop("From")),
    ("row 1: ", add("From: b@c.example")),
    ("row 1: From must", swap('From: "Willow" <', "From: a@b.example, <")),
    ("row 1: the From domain", add("DKIM-Signature: v=1; d=evil.example; b=x")),
    ("row 2: To", swap(f"To: {RCPT}", f'To: "Ann" <{RCPT}>')),
    ("row 2: To", swap(f"To: {RCPT}", "To: eve@example.org")),
    ("row 2: ", add("To: eve@example.org")),
    ("row 2: Cc", add("Cc: eve@example.org")),
    ("row 2: Cc", add("Bcc: eve@example.org")),
    ("row 3: ", drop("Date")),
    ("row 3: Date needs", swap("+0000", "GMT")),
    ("row 4: ", drop("Message-ID")),
    ("row 4: Message-ID is", swap("<ac.", "<a.")),
    ("row 5: ", add("Subject: again")),
    ("row 5: Subject says", swap("Subject: A gentle", "Subject: A massage")),
    ("row 5: the Subject", swap("Subject: A gentle plan for this evening", "Subject: ")),
    ("row 6: bare", swap("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\n")),
    ("row 6: a line", add("Received: " + "x" * 1000)),
    ("row 6: a header holds", swap("Subject: A", "Subject: Ä")),
    ("row 6: encoded word in List", swap(f"<{UNSUBSCRIBE}>", "=?utf-8?q?=3Chttps?=")),
    ("row 6: encoded word inside", swap("<hello@willow.example>", "<=?utf-8?q?h?=@willow.example>")),
    ("row 6: encoded words of", swap("Subject: A", "Subject: =?utf-8?q?A?==?utf-8?q?B?=")),
    ("row 7: ", drop("Content-Type")),
    ("row 7: parts", swap("text/plain", "text/css")),
    ("row 7: charset", swap("charset=utf-8", "charset=latin-1")),
    ("row 7: transfer", swap("quoted-printable", "8bit")),
    ("row 7: an encoded", swap("\r\n\r\nA gentle", "\r\n\r\n" + "A" * 70 + " gentle")),
    ("row 8: 0", drop("MIME-Version")),
    ("row 8: MIME", swap("MIME-Version: 1.0", "MIME-Version: 2.0")),
    ("row 9: List", drop("List-Unsubscribe")),
    ("row 9: List", swap(f"<{UNSUBSCRIBE}>", "<http://willow.example/u>")),
    ("row 9: List", swap(f"<{UNSUBSCRIBE}>", f"<{UNSUBSCRIBE}>, <{UNSUBSCRIBE}>")),
    ("row 10: ", drop("List-Unsubscribe-Post")),
    ("row 10: ", swap("List-Unsubscribe=One-Click", "List-Unsubscribe=one-click")),
    ("row 11: ", drop("List-ID")),
    ("row 11: ", swap("<aftercare.willow.example>", "Ann <aftercare.willow.example>")),
    ("row 12: ", drop("Auto-Submitted")),
    ("row 12: ", swap("auto-generated", "auto-replied")),
    ("row 13: X", drop("X-Auto-Response-Suppress")),
    ("row 13: Precedence", add("Precedence: bulk")),
    ("row 16: ", drop("Reply-To")),
    ("row 17: ", swap(f"<{UNSUBSCRIBE}>", "<https://willow.example/elsewhere>")),
    ("row 18: ", swap(SETTINGS, SETTINGS + "?e=3Da@b")),
    ("row 19: ", add("X-Mailer: Aftercare 0.1")),
    ("row 19: ", add("Received: from worker-1.internal")),
    ("row 20: the HTML", swap("</body>", "<p>more</p>\r\n" * 9000 + "</body>")),
    ("row 21: ", drop("Content-Language")),
    ("row 21: Content-Language", swap("Content-Language: en", "Content-Language: de")),
    ("row 21: <html dir>", swap('dir=3D"ltr"', 'dir=3D"rtl"')),
    ("row 22: ", swap("step:c1:aftercare:ac", "step:ann@example.org:aftercare:ac")),
    ("row 23: ", swap(SETTINGS, SETTINGS.replace("https", "http"))),
]


@pytest.mark.parametrize(
    ("row", "fault"), BROKEN, ids=[f"{n}-{row.strip()}" for n, (row, _) in enumerate(BROKEN)]
)
def test_a_message_that_breaks_a_row_is_told_so(row: str, fault: Break) -> None:
    good = message_of()
    assert_aftercare_headers(good, RCPT)
    with pytest.raises(AssertionError, match=f"^{row}"):
        assert_aftercare_headers(fault(good), RCPT)


@pytest.mark.parametrize("name", ["List-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"])
def test_account_mail_belongs_to_no_list(name: str) -> None:
    with pytest.raises(AssertionError, match=f"^row 9: account mail must not carry {name}$"):
        assert_aftercare_headers(add(f"{name}: x")(message_of(purpose="account")), RCPT, purpose="account")
