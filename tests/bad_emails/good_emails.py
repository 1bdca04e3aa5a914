"""The good emails that each bad one is made of: four written as content, one as it arrives in a mailbox."""

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yaml

from tests.bad_emails.command_line import run

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "templates" / "emails" / "sequences" / "en" / "after-your-visit" / "short-walk.yaml"

Data = dict[str, Any]

_HELLO = {"type": "greeting", "key": "hello", "text": "Hello {{ first_name | there }},"}
_CONTACT = {"type": "contact", "key": "contact"}


def _sequence(**changed: Any) -> Data:
    usual = {
        "name": "After your visit",
        "public_name": "Emails after your visit",
        "trigger": {"on": "session.logged", "outcome": "ordinary"},
        "topic": "aftercare",
        "purpose": "care",
        "priority": "visit",
        "reenrolment": "restart",
        "exit_on": ["opted_out"],
        "ambiguous": "resend",
        "steps": [{"key": "email", "wait": {"days": 3, "at": "10:00"}}],
    }
    return usual | changed


def _note(key: str, text: str) -> Data:
    return {"type": "note", "key": key, "paragraphs": [text]}


def _guides(guide: str, text: str) -> Data:
    links = [{"guide": guide, "text": text}]
    return {"type": "resource_list", "key": "guides", "heading": "To read more", "links": links}


@dataclass
class Content:
    """A folder with one email in it, on its way to being spoilt."""

    slug: str
    sequence: Data
    email: Data

    def block(self, key: str) -> Data:
        """The block with that key; KeyError where there is none."""
        found = {block["key"]: block for block in self.email["blocks"]}
        block: Data = found[key]
        return block

    def without(self, key: str) -> None:
        """Take a block out."""
        self.email["blocks"].remove(self.block(key))

    def add(self, block: Data) -> None:
        """Put a block at the end."""
        self.email["blocks"].append(block)

    def write(self, folder: Path) -> Path:
        """Both files, as a clinic would keep them; the path of the email."""
        place = folder / self.slug
        place.mkdir()
        (place / "sequence.yaml").write_text(yaml.safe_dump(self.sequence, allow_unicode=True))
        path = place / "email.yaml"
        path.write_text(yaml.safe_dump(self.email, allow_unicode=True, sort_keys=False))
        return path


def ordinary() -> Content:
    """An email after an ordinary visit."""
    move = {
        "type": "practice_picker",
        "key": "move",
        "title": "Two ways to move",
        "minutes": 10,
        "intro": "Either of these, or none today.",
        "options": [
            {
                "label": "Walk",
                "text": "To the corner and back, at an easy pace.",
                "seated": "By the window, circling one foot and then the other.",
            },
            {
                "label": "Stretch",
                "text": "Both arms up, then a slow lean to each side.",
                "seated": "The same, with your feet on the floor.",
            },
        ],
    }
    why = "Long days of sitting can leave anyone tight. Moving a little may loosen things for a while."
    end = {"type": "end_note", "key": "end", "text": "This is the last of these emails for now."}
    guides = _guides("walking", "Other short walks, indoors and out.")
    blocks = [_HELLO, _note("why", why), move, guides, _CONTACT, end]
    lines = {
        "subject": "A short walk, or the window",
        "preheader": "Ten minutes outdoors, or a few easy shapes in a chair.",
    }
    return Content("after-your-visit", _sequence(), lines | {"blocks": [dict(block) for block in blocks]})


def tender() -> Content:
    """An email after a visit with strong feelings."""
    note = "There is nothing to do here, and nothing to answer. If the days feel uneven, that makes sense."
    lines = {
        "subject": "A short hello",
        "preheader": "How to reach us, if you would like to. No need to reply.",
    }
    support = {"type": "support", "key": "support", "style": "full"}
    blocks = [dict(block) for block in (_HELLO, _note("days", note), _CONTACT, support)]
    trigger = {"on": "session.logged", "outcome": "strong_feelings"}
    sequence = _sequence(name="After a visit with strong feelings", trigger=trigger, priority="tender")
    return Content("after-a-tender-visit", sequence | {"reenrolment": "keep"}, lines | {"blocks": blocks})


def newsletter() -> Content:
    """An issue of the newsletter, with a study in it."""
    evidence = {
        "type": "evidence",
        "key": "studies",
        "label": "From the research",
        "claim": "Single visits lowered state anxiety; courses lowered trait anxiety and depression scores.",
        "source": "Moyer, Rounds and Hannum, Psychological Bulletin 130",
        "year": 2004,
        "url": "https://doi.org/10.1037/0033-2909.130.1.3",
        "strength": "That is massage in general, not emotional release.",
    }
    note = "Some people feel easier for a while after a visit. Others notice no change. Both are fine."
    guides = _guides("sitting-quietly", "When a quiet room helps, and when not.")
    lines = {
        "subject": "What is known so far",
        "preheader": "One study in plain words, and what it does not show.",
    }
    blocks = [dict(block) for block in (_HELLO, _note("known", note), evidence, guides)]
    sequence = _sequence(
        name="Newsletter",
        public_name="The clinic newsletter",
        trigger={"on": "manual"},
        topic="newsletter",
        purpose="newsletter",
        priority="news",
        ambiguous="drop",
    )
    return Content("newsletter", sequence, lines | {"blocks": blocks})


def consent() -> Content:
    """The question whether somebody would like emails at all: the one email with a button."""
    note = "After a visit we can send you a few short emails. Each has one easy idea. Would you like that?"
    button = {"type": "consent_button", "key": "choose", "label": "Read more and choose"}
    lines = {
        "subject": "A few emails from us?",
        "preheader": "A short question. Nothing comes unless you say yes.",
    }
    blocks = [dict(block) for block in (_HELLO, _note("what", note), button, _CONTACT)]
    sequence = _sequence(name="Asking", trigger={"on": "manual"}, purpose="account", exit_on=[])
    del sequence["priority"]
    return Content("consent-request", sequence, lines | {"blocks": blocks})


@dataclass
class Copy:
    """An email as it arrives, taken apart: its headers in their order and its two parts."""

    headers: list[tuple[str, str]]
    text: str | None
    html: str

    def swap(self, old: str, new: str, *, count: int = 1, part: str = "html") -> None:
        """Replace `count` places of a part; fails where there are fewer, as the good email has changed."""
        whole = getattr(self, part)
        assert whole.count(old) >= count, f"the good email no longer has {old!r} in its {part}"
        setattr(self, part, whole.replace(old, new, count))

    def header(self, name: str, value: str | None) -> None:
        """Set a header anew, or take it away."""
        kept = [(one, text) for one, text in self.headers if one.lower() != name.lower()]
        self.headers = kept if value is None else [*kept, (name, value)]

    def write(self, folder: Path) -> Path:
        """The finished message; the path of its file."""
        message = EmailMessage(policy=policy.SMTP)
        for name, value in self.headers:
            message[name] = value
        if self.text is None:
            message.set_content(self.html, subtype="html", cte="quoted-printable")
        else:
            message.set_content(self.text, cte="quoted-printable")
            message.add_alternative(self.html, subtype="html", cte="quoted-printable")
        path = folder / "copy.eml"
        path.write_bytes(message.as_bytes())
        return path


def rendered() -> Callable[[], Copy]:
    """Renders a shipped email once; every call of the result is a fresh copy of it."""
    outcome = run("email", "render", "--format", "eml", str(SHIPPED))
    assert outcome.code == 0, outcome.stderr
    message = message_from_bytes(outcome.stdout.encode(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    ours = ("content-type", "content-transfer-encoding", "mime-version")
    headers = [(name, str(value)) for name, value in message.items() if name.lower() not in ours]
    parts = [str(part.get_content()).replace("\r\n", "\n") for part in (text, html)]
    return lambda: Copy(list(headers), *parts)
