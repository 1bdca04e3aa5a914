"""Issues of a newsletter: write one, schedule it, and stop or go on while it is being sent (ADR 19)."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy.orm import Session

from aftercare.domain.localtime import parse_zone, to_utc
from aftercare.domain.segments import Segment
from aftercare.errors import Conflict, ContentError, InvalidInput
from aftercare.flows import drafts, newsletter_files
from aftercare.flows import sequences as live
from aftercare.flows.drafts import Version
from aftercare.flows.email_checks import check_emails
from aftercare.flows.newsletter_files import BLANK, STEP, TOPIC, WAITS, issue_files
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.flows.tools import Tools
from aftercare.models import NewsletterIssue, Sequence
from aftercare.store import audit, clinics, idempotency, newsletters, sequences
from aftercare.store.newsletters import Entry

KIND, REMOVED = "issue", "newsletter.removed"
FURTHEST = timedelta(days=366)
EASTERNMOST = timezone(timedelta(hours=14))
"""Where every hour of the clock comes first."""
OPEN_TO_STOP = ("scheduled", "sending")


@dataclass(frozen=True)
class When:
    """The hour `local` (naive) on the wall clock of each recipient, or of the clinic. InvalidInput."""

    local: datetime
    whose_time: str = "recipient"

    def __post_init__(self) -> None:
        if self.whose_time not in WAITS:
            raise InvalidInput("whose_time", f"choose from {', '.join(WAITS)}")


def create(
    db: Session, clinic_id: str, starter: str, *, subject: str = "", by: str, now: datetime
) -> NewsletterIssue:
    """A new issue: one that is ready, or `blank` with a subject. NotFound, InvalidInput, ContentError."""
    slug = f"issue-{secrets.token_hex(6)}"
    blank = starter == BLANK
    files = newsletter_files.blank(slug, subject) if blank else newsletter_files.of_starter(slug, starter)
    return _add(db, clinic_id, files, by, now)


def copy(db: Session, clinic_id: str, issue_id: str, *, by: str, now: datetime) -> NewsletterIssue:
    """A new issue that says the same, to change and schedule anew. NotFound."""
    email = content(db, newsletters.get(db, clinic_id, issue_id)).files.emails[STEP]
    return _add(db, clinic_id, issue_files(f"issue-{secrets.token_hex(6)}", email), by, now)


def remove(db: Session, clinic_id: str, issue_id: str, *, by: str, now: datetime) -> None:
    """Throw a draft away. NotFound; Conflict once it was scheduled."""
    issue, sequence = newsletters.lock(db, clinic_id, issue_id)
    _only_in(issue, ("draft",), "It was scheduled, so it stays on record.")
    newsletters.drop(db, issue)
    drafts.drop(db, sequence)
    audit.record(db, clinic_id, REMOVED, issue_id, actor=by, now=now)
    sequences.drop_without_versions(db, sequence.id)
    idempotency.give_back(db, clinic_id, issue_id)


def was_removed(db: Session, clinic_id: str, issue_id: str) -> bool:
    """Whether this was a draft of the clinic that somebody threw away."""
    return any(entry.action == REMOVED for entry in audit.of_subject(db, clinic_id, issue_id))


def content(db: Session, entry: Entry) -> Version:
    """What an issue says: its draft, or what was scheduled."""
    clinic_id, slug = entry.sequence.clinic_id, entry.sequence.slug
    found = drafts.draft(db, clinic_id, slug) or drafts.live(db, clinic_id, slug)
    if found is None:
        raise Conflict("This issue has no text any more.")
    return found


def check(
    db: Session, tools: Tools, clinic_id: str, issue_id: str, *, revision: int | None = None
) -> Version:
    """The issue's draft, whose email can be made for every client and breaks no rule that blocks. Ask in a
    transaction that only reads: compiling takes seconds. NotFound; Conflict where it is no draft, or not at
    `revision` any more; ContentError naming block and fix."""
    entry = newsletters.get(db, clinic_id, issue_id)
    _only_in(entry.issue, ("draft",), "It is scheduled already.")
    draft = content(db, entry)
    if revision not in (None, draft.revision):
        raise Conflict(drafts.CHANGED_MEANWHILE)
    live.check_head(draft.files)
    problems = check_emails(db, tools, clinic_id, draft.files)
    if problems:
        raise ContentError("; ".join(problem.text for problem in problems))
    return draft


def schedule(
    db: Session,
    clinic_id: str,
    issue_id: str,
    checked: Version,
    when: When,
    segment: Segment,
    *,
    by: str,
    now: datetime,
) -> NewsletterIssue:
    """Make the draft of `check` final and send it at that hour to the subscribers in this segment. Who they
    are is found by workers, in batches. NotFound; InvalidInput for an hour that is over or over a year away;
    Conflict where somebody has changed or scheduled it meanwhile."""
    issue, sequence = newsletters.lock(db, clinic_id, issue_id)
    _only_in(issue, ("draft",), "It is scheduled already.")
    sequences.lock(db, sequence.id)
    draft = content(db, Entry(issue, sequence))
    if (draft.id, draft.revision) != (checked.id, checked.revision):
        raise Conflict(drafts.CHANGED_MEANWHILE)
    _set_hour(db, issue, when, now)
    files = issue_files(sequence.slug, draft.files.emails[STEP], when.whose_time)
    live.publish(db, clinic_id, files, by=by, now=now)
    drafts.drop(db, sequence)
    issue.segment = segment.to_json()
    issue.state, issue.scheduled_by, issue.scheduled_at = "scheduled", by, now
    detail = {"hour": issue.scheduled_local, "whose": issue.whose_time, "segment": issue.segment}
    audit.record(db, clinic_id, "newsletter.scheduled", sequence.id, actor=by, now=now, detail=detail)
    db.flush()
    return issue


def cancel(db: Session, clinic_id: str, issue_id: str, *, by: str, now: datetime) -> None:
    """Send no more of it, from the commit on: what has left has left. Doing it twice changes nothing.
    NotFound; Conflict where it is a draft or all of it was sent."""
    issue, sequence = newsletters.lock(db, clinic_id, issue_id)
    if issue.state == "cancelled":
        return
    _only_in(issue, OPEN_TO_STOP, "There is nothing to cancel: it is a draft, or all of it was sent.")
    # The pause is what the last look before an email leaves asks for (P7); rows are taken back behind it.
    sequence.paused_at, sequence.paused_by = now, by
    issue.state, issue.cancelled_by, issue.cancelled_at = "cancelled", by, now
    db.flush()
    newsletters.take_back(db, sequence.id, by=by, now=now)
    newsletters.end_runs(db, sequence.id, by=by, now=now)
    audit.record(db, clinic_id, "newsletter.cancelled", sequence.id, actor=by, now=now)


def pause(db: Session, clinic_id: str, issue_id: str, *, by: str, now: datetime) -> None:
    """Let it stand still from the commit on, however much of it has left. NotFound, Conflict."""
    _set_paused(db, clinic_id, issue_id, at=now, by=by, now=now)


def resume(db: Session, clinic_id: str, issue_id: str, *, by: str, now: datetime) -> None:
    """Let it go on with those who have not had it. NotFound, Conflict."""
    _set_paused(db, clinic_id, issue_id, at=None, by=by, now=now)


def hour_of(when: When, timezone: str) -> datetime:
    """The instant (UTC) of that hour on the clinic's own clock."""
    return to_utc(when.local, parse_zone(timezone), "date")


def check_hour(when: When, timezone: str, now: datetime) -> None:
    """InvalidInput unless it is an hour of the year to come."""
    if not now < hour_of(when, timezone) <= now + FURTHEST:
        raise InvalidInput("date", "choose an hour that is still to come, within a year")


def starts_at(when: When, timezone: str) -> datetime:
    """The first instant (UTC) at which it may leave for anybody."""
    if when.whose_time == "clinic":
        return hour_of(when, timezone)
    return when.local.replace(tzinfo=EASTERNMOST).astimezone(UTC)


def _add(db: Session, clinic_id: str, files: SequenceFiles, by: str, now: datetime) -> NewsletterIssue:
    draft = drafts.save_draft(db, clinic_id, files, revision=None, by=by, now=now)
    sequence = sequences.require(db, clinic_id, files.slug)
    sequence.kind = KIND
    issue = NewsletterIssue(
        clinic_id=clinic_id, sequence_id=draft.sequence_id, topic=TOPIC, created_by=by, created_at=now
    )
    db.add(issue)
    db.flush()
    audit.record(db, clinic_id, "newsletter.created", sequence.id, actor=by, now=now)
    return issue


def _set_hour(db: Session, issue: NewsletterIssue, when: When, now: datetime) -> None:
    timezone = clinics.get(db, issue.clinic_id).timezone
    check_hour(when, timezone, now)
    issue.whose_time, issue.scheduled_local = when.whose_time, when.local.isoformat()
    issue.scheduled_for = hour_of(when, timezone)
    # Where that hour is over already for somebody far in the east, she is as late as her clock is ahead.
    issue.starts_at = max(starts_at(when, timezone), now)


def _set_paused(
    db: Session, clinic_id: str, issue_id: str, *, at: datetime | None, by: str, now: datetime
) -> None:
    issue, sequence = newsletters.lock(db, clinic_id, issue_id)
    _only_in(issue, OPEN_TO_STOP, "There is nothing to pause: it is a draft, was cancelled, or all was sent.")
    if (sequence.paused_at is None) == (at is None):
        return
    sequence.paused_at, sequence.paused_by = at, by if at else None
    db.flush()
    if at is None:
        newsletters.go_on(db, sequence.id, by=by, now=now)
    action = "newsletter.paused" if at else "newsletter.resumed"
    audit.record(db, clinic_id, action, sequence.id, actor=by, now=now)


def _only_in(issue: NewsletterIssue, states: tuple[str, ...], otherwise: str) -> None:
    if issue.state not in states:
        raise Conflict(otherwise)


def stands_still(issue: NewsletterIssue, sequence: Sequence) -> bool:
    """Whether it was paused and could go on."""
    return sequence.paused_at is not None and issue.state in OPEN_TO_STOP
