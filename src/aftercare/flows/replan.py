"""Makes the rows that stand equal to the rows that should: the one way in which plans change. Pausing a
sequence, holding or pausing a client, correcting a session, moving to another zone: all come here."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.lanes import ALERTS, MAIN, NEWS
from aftercare.domain.plan import LESS_OFTEN, PlannedStep
from aftercare.domain.replan import Changes, Standing, difference
from aftercare.domain.states import MessageState
from aftercare.flows.calendar import ActiveRun, Calendar, read_calendar, step_of, wanted
from aftercare.flows.cards import Memory, deal, remember
from aftercare.models import Client, EmailVersion, Message, Sequence, new_id
from aftercare.models.client import COMPLAINT
from aftercare.store import clients, messages, sequences
from aftercare.store.consents import CALL_BACK_SLUG, SUPPORT_SLUGS

STANDSTILLS = ("held", "sequence_paused", "paused", LESS_OFTEN)
"""Reasons of held rows that end by themselves when what they name is over; any other is for staff."""


def replan_client(
    db: Session, client_id: str, *, now: datetime, by: str = "engine", not_before: datetime | None = None
) -> Changes:
    """Plan all active runs of one client afresh and change only the rows that differ; idempotent.

    Sent rows and rows on their way never change (R5). What changes is not due before `not_before` (UTC)."""
    client = clients.lock(db, client_id)
    calendar = read_calendar(db, client, now=now)
    changes, left_out = _compared(calendar)
    rows = {row.id: row for row in calendar.rows}
    for move in changes.move:
        row = rows[str(move.message_id)]
        if row.planned_for != move.planned_for:
            row.planned_for, row.due_at = move.planned_for, _due(move.planned_for, not_before)
        row.max_late = int(move.max_late.total_seconds())
    for gone in changes.cancel:
        messages.set_state(
            rows[str(gone)], MessageState.CANCELLED, reason="no_longer_planned", by=by, now=now
        )
    for skipping in changes.skip:
        messages.set_state(
            rows[str(skipping.message_id)], MessageState.SKIPPED, reason=skipping.reason, by=by, now=now
        )
    inserted = _insert(db, calendar, changes, by=by, now=now)
    for row in inserted:
        row.due_at = _due(row.planned_for, not_before)
    for row in (*calendar.rows, *inserted):
        _stand_still_or_go_on(calendar, row, left_out, by=by, now=now)
    db.flush()
    return changes


def _compared(calendar: Calendar) -> tuple[Changes, Collection[tuple[str, str]]]:
    """What has to change, and the runs and steps for which she asked to have fewer emails."""
    steps = wanted(calendar)
    left_out = {(step.run_key, step.step_key) for step in steps if step.skip == LESS_OFTEN}
    return difference([_standing(row) for row in calendar.rows], steps), left_out


def _due(planned_for: datetime, not_before: datetime | None) -> datetime:
    return max(planned_for, not_before or planned_for)


def _standing(row: Message) -> Standing:
    return Standing(
        message_id=row.id,
        run_key=row.enrolment_id,
        step_key=row.step_key,
        planned_for=row.planned_for,
        state=MessageState(row.state),
        max_late=timedelta(seconds=row.max_late),
    )


def _insert(db: Session, calendar: Calendar, changes: Changes, *, by: str, now: datetime) -> list[Message]:
    memory = remember(db, calendar.client.id)
    documents: dict[str, dict[str, EmailVersion]] = {}
    rows = []
    for planned in changes.insert:
        version_id = calendar.run(planned.run_key).version.id
        if version_id not in documents:
            documents[version_id] = sequences.emails_of(db, version_id)
        row = _new_row(calendar, planned, documents[version_id][planned.step_key], memory, by, now)
        rows.append(row)
    messages.add_all(db, rows)
    return rows


def _new_row(
    calendar: Calendar, planned: PlannedStep, email: EmailVersion, memory: Memory, by: str, now: datetime
) -> Message:
    run = calendar.run(planned.run_key)
    returning = run.enrolment.every_visit_only
    skip = None if planned.skip == LESS_OFTEN else planned.skip
    cards = {} if skip else deal(email, memory, planned.planned_for, returning=returning)
    skip = skip or ("nothing_new" if cards is None else None)
    row = message_of(run, planned, email.id)
    row.state = MessageState.SKIPPED if skip else MessageState.PLANNED
    row.reason = skip
    row.cards = cards or {}
    row.changed_by, row.changed_at = by, now
    return row


def message_of(run: ActiveRun, planned: PlannedStep, email_version_id: str) -> Message:
    """The row of a planned step, still without state."""
    spec, enrolment = run.spec, run.enrolment
    is_issue = run.sequence.kind == "issue"
    return Message(
        id=new_id("msg"),
        clinic_id=enrolment.clinic_id,
        client_id=enrolment.client_id,
        enrolment_id=enrolment.id,
        sequence_id=run.sequence.id,
        step_key=planned.step_key,
        email_version_id=email_version_id,
        sender=_lane(run.sequence),
        dedupe_key=f"iss:{run.sequence.id}:{enrolment.client_id}"
        if is_issue
        else f"enr:{enrolment.id}:{planned.step_key}",
        topic=spec.topic,
        purpose=spec.purpose,
        ambiguous=spec.ambiguous,
        planned_for=planned.planned_for,
        due_at=planned.planned_for,
        max_late=int(planned.max_late.total_seconds()),
        counted=spec.purpose != "account" and not step_of(spec, planned.step_key).uncapped,
    )


def _lane(sequence: Sequence) -> str:
    if sequence.kind == "issue":
        return NEWS
    return ALERTS if sequence.slug in (CALL_BACK_SLUG, *SUPPORT_SLUGS) else MAIN


def _stand_still_or_go_on(
    calendar: Calendar, row: Message, left_out: Collection[tuple[str, str]], *, by: str, now: datetime
) -> None:
    """Holds and pauses are states of rows, so that the sweep need not know about them."""
    why = why_still(calendar, calendar.run(row.enrolment_id).sequence, row.purpose, row.planned_for)
    why = why or ("held" if _waits_for_a_complaint(calendar, row) else None)
    why = why or (LESS_OFTEN if (row.enrolment_id, row.step_key) in left_out else None)
    stands = row.state == MessageState.HELD and row.reason in STANDSTILLS
    if why and row.state in (MessageState.PLANNED, MessageState.CLAIMED):
        messages.set_state(row, MessageState.HELD, reason=why, by=by, now=now)
        row.fence = row.lease_until = None
    elif why and stands and row.reason != why:
        row.reason, row.changed_by, row.changed_at = why, by, now
    elif not why and stands:
        messages.set_state(row, MessageState.PLANNED, reason=None, by=by, now=now)


def why_still(calendar: Calendar, sequence: Sequence, purpose: str, planned_for: datetime) -> str | None:
    """Why an email of this sequence, planned for this instant (UTC), has to stand still, if it does. What she
    asked for herself never does (ADR 10)."""
    client = calendar.client
    if purpose == "account":
        return None
    if client.held_at is not None:
        return "held"
    if sequence.paused_at is not None:
        return "sequence_paused"
    return "paused" if falls_into_pause(client, planned_for) else None


def _waits_for_a_complaint(calendar: Calendar, row: Message) -> bool:
    """While a complaint is open, also what she asked for stands still, but for the contacts of somebody who
    is not well: nothing may keep these back (content section 3, SAFE-1)."""
    if row.purpose != "account" or calendar.client.held_reason != COMPLAINT:
        return False
    run = calendar.run(row.enrolment_id)
    return run.sequence.slug not in SUPPORT_SLUGS or not run.spec.leaves_at_once(row.step_key)


def falls_into_pause(client: Client, planned_for: datetime) -> bool:
    """Whether an email planned for this instant (UTC) is one that a pause of this client leaves out."""
    return client.paused_until is not None and planned_for < client.paused_until
