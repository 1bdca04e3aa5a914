"""Carrying a scheduled issue out: runs for its subscribers, in batches, and its way from scheduled to sent.

Nothing remembers how far it has come: who has no run yet is asked of the tables, so a worker that dies in the
middle, or two that work at once, change nothing (ADR 19)."""

from datetime import datetime
from time import monotonic

from sqlalchemy.orm import Session

from aftercare.domain.localtime import parse_zone
from aftercare.domain.plan import MOST_DISPLACED
from aftercare.domain.states import MessageState
from aftercare.flows import replan
from aftercare.flows.calendar import zone_of
from aftercare.flows.enrolments import new_run
from aftercare.flows.newsletter_audience import anchor_of
from aftercare.flows.newsletters import OPEN_TO_STOP, When
from aftercare.flows.tools import Tools
from aftercare.models import Client, NewsletterIssue
from aftercare.store import audit, clients, clinics, messages, newsletters, sequences
from aftercare.store.newsletters import Entry
from aftercare.store.sequences import Published

BATCH = 25
"""People who are enrolled in one transaction: whoever wants one of them waits for no more than these."""
CHOSEN = 8 * BATCH
"""Of so many it takes those whom no other worker has in hand."""
LONGEST_SECONDS = 10


def when_of(issue: NewsletterIssue) -> When:
    """The hour for which it is scheduled."""
    return When(datetime.fromisoformat(str(issue.scheduled_local)), issue.whose_time)


def enrol_waiting(tools: Tools) -> int:
    """Enrol subscribers of scheduled issues until none is left, or ten seconds are over; returns how many.
    Any number of workers may run this at once."""
    enrolled = 0
    started = monotonic()
    while monotonic() - started < LONGEST_SECONDS and (batch := _enrol_next(tools)):
        enrolled += batch
    return enrolled


def keep(db: Session, *, now: datetime) -> bool:
    """The sweep's part: rows of issues that go on, end or were cancelled, and the states of issues. Returns
    whether anybody is still to be enrolled."""
    waiting = False
    for entry in newsletters.unfinished(db, lock=True):
        left = entry.issue.state in OPEN_TO_STOP and bool(_left_to_enrol(db, entry.issue, limit=1))
        _settle_rows(db, entry, now)
        _move_on(db, entry, left=left, now=now)
        waiting |= left
    return waiting


def _enrol_next(tools: Tools) -> int:
    now = tools.clock.now()
    with tools.transaction() as db:
        open_issues = [one.issue for one in newsletters.unfinished(db) if one.issue.state in OPEN_TO_STOP]
        for issue in open_issues:
            chosen = _left_to_enrol(db, issue, limit=CHOSEN)
            if chosen:
                return _enrol(db, issue.id, chosen, now)
    return 0


def _enrol(db: Session, issue_id: str, chosen: list[str], now: datetime) -> int:
    """Enrol those of these people whom nobody is busy with and who are still to be enrolled."""
    entry = newsletters.share(db, issue_id)
    if entry is None or entry.issue.state not in OPEN_TO_STOP:
        return 0
    free = newsletters.lock_free(db, chosen, BATCH)
    still = _left_to_enrol(db, entry.issue, limit=BATCH, among=free)
    version = sequences.in_state(db, entry.sequence.id, "published")
    if version is None:
        return 0
    published = Published(entry.sequence, version)
    for client in clients.lock_all(db, still):
        _enrol_one(db, client, entry.issue, published, now)
    return len(free)


def _enrol_one(
    db: Session, client: Client, issue: NewsletterIssue, published: Published, now: datetime
) -> None:
    clinic = clinics.get(db, client.clinic_id)
    zone = zone_of(client, clinic)
    anchor = anchor_of(when_of(issue), zone, parse_zone(clinic.timezone))
    db.add(new_run(client, published, anchor, {}, session_id=None, now=now))
    db.flush()
    replan.replan_client(db, client.id, now=now)


def _left_to_enrol(
    db: Session, issue: NewsletterIssue, *, limit: int, among: list[str] | None = None
) -> list[str]:
    clinic = clinics.get(db, issue.clinic_id)
    return newsletters.not_enrolled(db, issue, clinic, limit=limit, among=among)


def _settle_rows(db: Session, entry: Entry, now: datetime) -> None:
    issue, sequence = entry
    if issue.state == "cancelled":
        newsletters.take_back(db, sequence.id, by=str(issue.cancelled_by), now=now)
    elif sequence.paused_at is None:
        newsletters.go_on(db, sequence.id, by="engine", now=now)
    for row in newsletters.held(db, sequence.id, now - MOST_DISPLACED):
        # Nobody need release a client for a newsletter of last week; it must come to an end.
        reason = "expired" if row.reason == "sequence_paused" else row.reason
        messages.set_state(row, MessageState.SKIPPED, reason=reason, by="engine", now=now)


def _move_on(db: Session, entry: Entry, *, left: bool, now: datetime) -> None:
    issue, sequence = entry
    if issue.state == "scheduled" and issue.starts_at is not None and issue.starts_at <= now:
        issue.state = "sending"
    is_over = issue.state == "cancelled" or (issue.state == "sending" and not left)
    if is_over and not newsletters.has_open(db, sequence.id):
        issue.finished_at = now
        if issue.state == "sending":
            issue.state = "sent"
        else:
            newsletters.end_runs(db, sequence.id, by=str(issue.cancelled_by), now=now)
        detail = {"state": issue.state}
        audit.record(
            db, issue.clinic_id, "newsletter.finished", sequence.id, actor="engine", now=now, detail=detail
        )
    db.flush()
