"""Emails that should have gone out by now: how many, since when, and whether the mail server keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.flows.breaker import FEW
from aftercare.store import recovery
from aftercare.store.recovery import Overdue

PATIENCE = timedelta(minutes=2)
"""A sweep each half minute, and a batch in work: what waits longer is overdue."""

ONE_MAILBOX = ("smtp_450", "smtp_451", "smtp_452")
"""Greylisting and full mailboxes: a few of them say nothing about the mail server (see `breaker`)."""

WORDS = (
    (
        ("smtp_unreachable", "smtp_timeout", "smtp_dropped", "smtp_connection"),
        "the mail server does not answer",
    ),
    (("smtp_tls", "smtp_certificate", "smtp_auth_needs"), "the mail server offers no safe connection"),
    (("smtp_auth", "smtp_53", "smtp_454"), "the mail server refuses our user or password"),
)


@dataclass(frozen=True)
class Delay:
    """`since`: UTC, when the first of them should have gone. `reason`: the mail server's word (`smtp_...`),
    empty where nobody has tried them."""

    count: int
    since: datetime
    reason: str

    @property
    def why(self) -> str:
        """What keeps them, in words; empty where nobody has tried them."""
        return in_words(self.reason) if self.reason else ""


def overdue(db: Session, *, now: datetime, clinic_id: str | None = None) -> Delay | None:
    """What waits although its time has come, in one clinic or all; None where nothing does."""
    found = [
        row
        for row in recovery.overdue(db, now, now - PATIENCE, clinic_id=clinic_id)
        if not _is_one_mailbox(row)
    ]
    if not found:
        return None
    return Delay(sum(row.number for row in found), min(row.since for row in found), _main_reason(found))


def in_words(reason: str) -> str:
    """`the mail server does not answer`; of a reply, its code alone, since servers echo addresses in text."""
    for starts, words in WORDS:
        if reason.startswith(starts):
            return words
    return f"the mail server refuses our emails for now ({reason.removeprefix('smtp_').replace('_', ' ')})"


def _is_one_mailbox(row: Overdue) -> bool:
    return row.reason.startswith(ONE_MAILBOX) and row.number < FEW


def _main_reason(found: Sequence[Overdue]) -> str:
    tried = [row for row in found if row.reason.startswith("smtp_")]
    return max(tried, key=lambda row: row.number).reason if tried else ""
