"""What an issue is as a sequence: one step whose email is written like any other (ADR 19)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from aftercare.errors import InvalidInput, NotFound
from aftercare.flows.sequence_files import SequenceFiles, checked, read_folder
from aftercare.mail.blocks import KINDS
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.paths import templates_root

TOPIC = "newsletter"
STEP = "issue"
BLANK = "blank"
PUBLIC_NAME = "The clinic newsletter"
LATEST = "72h"
"""A newsletter may wait as long as caps may put it off; after that it is left out."""
WAITS: Mapping[str, Mapping[str, int]] = {"recipient": {"days": 0}, "clinic": {"minutes": 0}}
"""Whose time: the hour of the anchor on each recipient's own clock, or the very instant of the anchor."""
_FIRST_BLOCKS = ("greeting", "note")


@dataclass(frozen=True)
class Starter:
    """A ready issue of the shipped content."""

    key: str
    email: EmailDocument


@cache
def starters() -> tuple[Starter, ...]:
    """The shipped issues, in their order."""
    files = read_folder(templates_root() / "sequences" / "en" / "newsletter")
    return tuple(Starter(step.key, _alone(files.emails[step.key])) for step in files.spec.steps)


def of_starter(slug: str, key: str) -> SequenceFiles:
    """An issue that says what a shipped one says. NotFound."""
    found = next((one for one in starters() if one.key == key), None)
    if found is None:
        raise NotFound(f"There is no ready issue '{key[:40]}'. Choose from {', '.join(_keys())} or {BLANK}.")
    return issue_files(slug, found.email)


def blank(slug: str, subject: str) -> SequenceFiles:
    """An issue with a greeting and a note to begin with. InvalidInput without a subject; ContentError."""
    if not subject.strip():
        raise InvalidInput("subject", "write what the issue is about")
    blocks = [{"type": kind, "key": kind, **KINDS[kind].starter} for kind in _FIRST_BLOCKS]
    document = {"subject": subject.strip(), "preheader": "A few lines from us this month.", "blocks": blocks}
    return issue_files(slug, parse_email(document, "new issue"))


def issue_files(slug: str, email: EmailDocument, whose_time: str = "recipient") -> SequenceFiles:
    """The sequence of an issue that says this."""
    raw: dict[str, Any] = {
        "name": f"Newsletter: {email.subject}",
        "public_name": PUBLIC_NAME,
        "trigger": {"on": "newsletter.issue"},
        "topic": TOPIC,
        "purpose": "newsletter",
        "priority": "news",
        "reenrolment": "keep",
        "exit_on": ["opted_out"],
        "ambiguous": "resend",
        "steps": [{"key": STEP, "wait": dict(WAITS[whose_time]), "max_late": LATEST}],
    }
    return checked(slug, raw, {STEP: email})


def _keys() -> list[str]:
    return [one.key for one in starters()]


def _alone(email: EmailDocument) -> EmailDocument:
    """Without the block that says how many emails follow: none does."""
    return replace(email, blocks=tuple(block for block in email.blocks if block.type != "run_note"))
