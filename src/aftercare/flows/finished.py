"""What starts when a run has come to its end: staying in touch (trigger `sequence.finished`)."""

from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.caps import PRIORITY
from aftercare.errors import InvalidInput
from aftercare.flows import replan
from aftercare.flows.calendar import spec_of
from aftercare.flows.starting import Cause, Start, decide, enrol, matching, why_silent
from aftercare.models import Client, Enrolment
from aftercare.store import appointments, audit, clients, enrolments, messages, sequences
from aftercare.store.sequences import Published

FINISHED = "sequence.finished"
FOLLOWED, VISIT_BOOKED = "run.followed", "visit_booked"
COMPLETED = "completed"
"""The one exit reason after which anything starts: not after a stop, nor where a visit took its place."""


def follow_up(db: Session, enrolment_id: str, *, now: datetime) -> None:
    """Start the sequences that name the sequence of this completed run, counted from its end.

    Running it again does nothing: `followed_at` says that it was looked at (P1)."""
    run = enrolments.by_id(db, enrolment_id)
    client = clients.lock(db, run.client_id)
    db.refresh(run)
    if run.exit_reason != COMPLETED or run.followed_at is not None:
        return
    run.followed_at = now
    facts = {**run.facts, "sequence": sequences.slug_of(db, run.sequence_id)}
    for published in matching(list(sequences.published(db, client.clinic_id)), FINISHED, facts):
        try:
            with db.begin_nested():
                _start(db, client, run, published, facts, now)
        except InvalidInput:
            # Steps beyond the year 9999. The sweep would come back for it for ever (P1).
            continue


def look_again(db: Session, client: Client) -> None:
    """The visit is called off for which nothing followed her completed runs: the next sweep looks at them
    anew. Lock the client first."""
    for run in enrolments.looked_at(db, client.id):
        entries = audit.of_subject(db, client.clinic_id, run.id)
        notes = [entry.detail.get("note") for entry in entries if entry.action == FOLLOWED]
        if VISIT_BOOKED in notes and "planned" not in notes:
            run.followed_at = None


def what_comes_after(
    db: Session, client: Client, run: Enrolment, published: Published, facts: dict[str, object], now: datetime
) -> Start | str:
    """The run that this completed one starts, or why it does not. Decides; changes nothing."""
    silent = why_silent(db, client)
    if silent is not None:
        return silent
    if appointments.coming(db, client.id, now):
        return VISIT_BOOKED
    own = PRIORITY[spec_of(published.version).priority]
    going_on = [spec_of(one.version) for one in enrolments.active(db, client.id)]
    if any(spec.purpose == "care" and PRIORITY[spec.priority] < own for spec in going_on):
        return "still_in_care"
    return decide(db, client, published, messages.over_at(db, run.id) or now, facts, now)


def _start(
    db: Session, client: Client, run: Enrolment, published: Published, facts: dict[str, object], now: datetime
) -> None:
    start = what_comes_after(db, client, run, published, facts, now)
    detail = {"sequence": published.sequence.id, "note": start if isinstance(start, str) else "planned"}
    audit.record(db, client.clinic_id, FOLLOWED, run.id, actor="engine", now=now, detail=detail)
    if isinstance(start, Start):
        enrol(db, client, start, Cause(follows_id=run.id), by="engine", now=now)
        replan.replan_client(db, client.id, now=now)
