"""One good email, and small ways to spoil it."""

import quopri
from typing import Any

from aftercare.mail.document import parse_email
from aftercare.mail.lint import Finding, check
from aftercare.mail.lint.letter import from_bytes
from aftercare.mail.lint.sample import Written, letters, message

GOOD: dict[str, Any] = {
    "subject": "A short walk, if it suits",
    "preheader": "Or a stretch, or a few easy shapes. Your pick.",
    "blocks": [
        {"type": "greeting", "key": "hello", "text": "Hello {{ first_name | there }},"},
        {"type": "note", "key": "why", "paragraphs": ["Long days of sitting can leave anyone tight."]},
        {
            "type": "practice",
            "key": "move",
            "title": "Two ways to move",
            "minutes": 5,
            "intro": "You could pick one, or none today.",
            "options": [
                {"label": "Walk", "text": "To the corner and back."},
                {"label": "Breath", "text": "Following a breath in and out."},
            ],
        },
        {"type": "prompt", "key": "pen", "intro": "Or skip both.", "from": ["J13"], "lighter_from": ["J04"]},
        {
            "type": "resource_list",
            "key": "more",
            "heading": "To read more",
            "links": [{"guide": "walking", "text": "Short walks."}],
        },
        {"type": "contact", "key": "contact"},
        {"type": "support", "key": "support", "style": "full"},
    ],
}


def spoilt(key: str = "", slug: str = "after-your-visit", **changed: Any) -> Written:
    """The email with other lines, or with another value in one of its blocks."""
    lines = {name: changed.pop(name) for name in ("subject", "preheader") if name in changed}
    about = {name: changed.pop(name) for name in ("public_name", "topic", "purpose") if name in changed}
    blocks = [block | changed if block["key"] == key else block for block in GOOD["blocks"]]
    return Written(slug, parse_email({**GOOD, **lines, "blocks": blocks}, "test.yaml"), **about)


def more(*blocks: dict[str, Any], slug: str = "after-your-visit", without: str = "", **about: Any) -> Written:
    """The email with other blocks at its end, or without one."""
    kept = [block for block in GOOD["blocks"] if block["key"] != without]
    return Written(slug, parse_email({**GOOD, "blocks": [*kept, *blocks]}, "test.yaml"), **about)


def found(one: Written) -> list[Finding]:
    """What is found in an email that is written."""
    return list(check(letters(one)).findings)


def sent(old: str = "", new: str = "") -> list[Finding]:
    """What is found in a finished message in which `old` is replaced, wherever it stands."""
    raw = decoded(message(spoilt()))
    assert old in raw, f"the message has no {old}"
    return list(check([from_bytes(raw.replace(old, new).encode(), "test.eml")]).findings)


def decoded(raw: bytes) -> str:
    """The message with both parts unencoded, so that they can be spoilt as text."""
    head, *parts = raw.decode().split("--aftercare-sample-boundary")
    plain = [_unpacked(part) for part in parts[:2]]
    return "--aftercare-sample-boundary".join([head, *plain, *parts[2:]]).replace("\r\n", "\n")


def _unpacked(part: str) -> str:
    head, _, body = part.partition("\r\n\r\n")
    text = quopri.decodestring(body.encode()).decode()
    return f"{head.replace('quoted-printable', '8bit')}\r\n\r\n{text}"
