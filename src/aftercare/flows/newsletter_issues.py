"""The issues of a newsletter as their pages show them. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.newsletters import Audience
from aftercare.domain.segments import Segment
from aftercare.flows import newsletter_audience, newsletters
from aftercare.flows.drafts import Version
from aftercare.flows.newsletter_files import STEP, TOPIC
from aftercare.flows.newsletter_sending import when_of
from aftercare.models import NewsletterIssue, Sequence
from aftercare.store import newsletters as rows
from aftercare.store import sequences
from aftercare.store.newsletters import Aftermath, Entry, Tally

MOST = 50
TO_COME = ("planned", "claimed", "transmitting", "unknown")
LEFT_OUT = ("skipped", "cancelled")


@dataclass(frozen=True)
class Progress:
    """How far an issue has come, counted from its emails: `enrolled` is the sum of the rest. `waiting`: on
    hold; `left_out`: reason -> number."""

    sent: int
    to_come: int
    waiting: int
    failed: int
    left_out: Mapping[str, int]

    @property
    def enrolled(self) -> int:
        """Everybody who has an email of it, whatever became of it."""
        return self.sent + self.to_come + self.waiting + self.failed + sum(self.left_out.values())


@dataclass(frozen=True)
class Card:
    """An issue in the list."""

    issue: NewsletterIssue
    sequence: Sequence
    subject: str
    progress: Progress


@dataclass(frozen=True)
class Page:
    """An issue on its own page. `email_version_id`: what it says, as a picture; `audience`: who will get it
    as things stand, until it begins to leave."""

    issue: NewsletterIssue
    sequence: Sequence
    version: Version
    email_version_id: str
    progress: Progress
    aftermath: Aftermath
    audience: Audience | None
    subscribers: int

    @property
    def subject(self) -> str:
        """What clients read in their list of mail."""
        return self.version.files.emails[STEP].subject


def cards(db: Session, clinic_id: str) -> list[Card]:
    """The newest issues."""
    return [_card(db, entry) for entry in rows.all_of(db, clinic_id)[:MOST]]


def read(db: Session, clinic_id: str, issue_id: str, *, now: datetime) -> Page:
    """One issue. NotFound."""
    entry = rows.get(db, clinic_id, issue_id)
    issue, sequence = entry
    version = newsletters.content(db, entry)
    return Page(
        issue=issue,
        sequence=sequence,
        version=version,
        email_version_id=sequences.emails_of(db, version.id)[STEP].id,
        progress=progress_of(rows.tally(db, sequence.id)),
        aftermath=rows.aftermath(db, issue),
        audience=_ahead(db, entry, now),
        subscribers=rows.count_subscribers(db, clinic_id, TOPIC),
    )


def progress_of(tally: Iterable[Tally]) -> Progress:
    """The sums of a tally."""
    found = list(tally)
    left_out: dict[str, int] = {}
    for one in found:
        if one.state in LEFT_OUT:
            left_out[one.reason or ""] = left_out.get(one.reason or "", 0) + one.number
    return Progress(
        sent=_sum(found, ("sent",)),
        to_come=_sum(found, TO_COME),
        waiting=_sum(found, ("held",)),
        failed=_sum(found, ("failed",)),
        left_out=left_out,
    )


def _sum(tally: Iterable[Tally], states: tuple[str, ...]) -> int:
    return sum(one.number for one in tally if one.state in states)


def _card(db: Session, entry: Entry) -> Card:
    email = newsletters.content(db, entry).files.emails[STEP]
    progress = progress_of(rows.tally(db, entry.sequence.id))
    return Card(entry.issue, entry.sequence, email.subject, progress)


def _ahead(db: Session, entry: Entry, now: datetime) -> Audience | None:
    issue, sequence = entry
    if issue.state != "scheduled":
        return None
    segment = Segment.parse(issue.segment)
    return newsletter_audience.audience(
        db, issue.clinic_id, issue.topic, when_of(issue), segment, now=now, but=sequence.id
    )
