"""What a client gets by email on the support path: the contacts at once, and a follow-up after a call."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.localtime import Anchor, parse_zone, shift, to_utc
from aftercare.domain.plan import moment
from aftercare.domain.states import CANCELLABLE, MessageState
from aftercare.domain.windows import ALWAYS
from aftercare.flows.calendar import as_run, read_calendar, spec_of, zone_of
from aftercare.flows.starting import new_run, why_silent
from aftercare.models import Alert, Client, Clinic, Message
from aftercare.store import enrolments, messages
from aftercare.store.consents import SUPPORT_SLUGS
from aftercare.store.enrolments import RunOf
from aftercare.store.sequences import Published

SPOKEN = "spoken_with_client"
STOPPED = "stopped_since"
"""Fact: she has said stop since the run began. One that came before it is not meant: she asked for this."""
LEFT_OUT = ("condition", *messages.TOO_LATE)
WENT = (MessageState.SENT, MessageState.TRANSMITTING, MessageState.UNKNOWN)


def begin(
    db: Session, client: Client, clinic: Clinic, published: Published, *, by: str, now: datetime
) -> None:
    """The run that sends the contacts, in place of one that still goes on. The client is locked; plan
    afterwards."""
    before = [run.enrolment.id for run in enrolments.active(db, client.id) if _is_support(run)]
    enrolments.end(db, before, reason="superseded", by=by, now=now)
    messages.cancel_unsent(db, reason="superseded", by=by, now=now, enrolment_id=before)
    anchor = Anchor.at(now, zone_of(client, clinic))
    db.add(new_run(client, published, anchor, {}, session_id=None, now=now))
    db.flush()


def follow_up(db: Session, client: Client, *, now: datetime) -> None:
    """Somebody has spoken with her, so what waited for that may come: where its moment has gone by, on the
    next day, at its own time of day. Not where she has said stop since. The client is locked; plan
    afterwards."""
    run = _latest(db, client)
    if run is None:
        return
    run.enrolment.facts = {**run.enrolment.facts, SPOKEN: True}
    if run.enrolment.facts.get(STOPPED) or why_silent(db, client) is not None:
        return
    waiting = [row.step_key for row in _later_rows(db, run) if _is_missed(row, now)]
    if waiting and run.enrolment.exit_reason in (None, "completed"):
        _open_again(db, run)
        messages.plan_again(db, [run.enrolment.id], reasons=LEFT_OUT, steps=waiting)
        _count_anew(db, client, run, waiting, now)


def stop(db: Session, client: Client, topics: Iterable[str], *, by: str, now: datetime) -> bool:
    """She wants no more emails of these topics: the contacts, which she asked for, still come, and nothing
    after them. Whether that changes anything. The client is locked."""
    run = _latest(db, client)
    if run is None or run.sequence.topic not in topics or run.enrolment.facts.get(STOPPED):
        return False
    run.enrolment.facts = {**run.enrolment.facts, STOPPED: True}
    unsent = [row for row in _later_rows(db, run) if row.state in CANCELLABLE]
    for row in unsent:
        messages.set_state(row, MessageState.SKIPPED, reason="opted_out", by=by, now=now)
        row.fence = row.lease_until = None
    db.flush()
    return bool(unsent)


def take_stop_back(db: Session, client: Client, topics: Iterable[str]) -> None:
    """The stop was taken back, so what it left out may come. The client is locked; plan afterwards."""
    run = _latest(db, client)
    if run is None or run.sequence.topic not in topics or not run.enrolment.facts.get(STOPPED):
        return
    run.enrolment.facts = {**run.enrolment.facts, STOPPED: False}
    left_out = [row.step_key for row in _later_rows(db, run) if row.reason == "opted_out"]
    if left_out and run.enrolment.exit_reason in (None, "completed"):
        _open_again(db, run)
        messages.plan_again(db, [run.enrolment.id], reasons=("opted_out",), steps=left_out)


def go_on(db: Session, client: Client, alert: Alert, *, reason: str) -> bool:
    """The run that ended for `reason` goes on with what is not too late. Whether the contacts went out since
    the wish: else they are to be sent. The client is locked; plan afterwards."""
    run = _latest(db, client)
    if run is not None and run.enrolment.exit_reason == reason:
        enrolments.reopen_one(db, run.enrolment)
    return contacts_of(db, client, alert) == "sent"


def contacts_of(db: Session, client: Client, alert: Alert) -> str:
    """Whether the contacts went to her since her latest wish: `sent`, `coming` or `none`."""
    run = _latest(db, client)
    if run is None or run.enrolment.started_at < alert.raised_at:
        return "none"
    at_once = [
        row
        for row in messages.of_runs(db, [run.enrolment.id])
        if spec_of(run.version).leaves_at_once(row.step_key)
    ]
    if any(row.state in WENT for row in at_once):
        return "sent"
    return "coming" if any(row.state in CANCELLABLE for row in at_once) else "none"


def said_stop(db: Session, client: Client, alert: Alert) -> bool:
    """Whether the follow-up does not come because she has said stop since her wish."""
    run = _latest(db, client)
    if run is None or run.enrolment.started_at < alert.raised_at:
        return False
    return bool(run.enrolment.facts.get(STOPPED))


def _is_support(run: RunOf) -> bool:
    return run.sequence.slug in SUPPORT_SLUGS


def _latest(db: Session, client: Client) -> RunOf | None:
    return enrolments.latest_of(db, client.id, SUPPORT_SLUGS)


def _later_rows(db: Session, run: RunOf) -> list[Message]:
    """The rows of what comes after the contacts."""
    spec = spec_of(run.version)
    return [row for row in messages.of_runs(db, [run.enrolment.id]) if not spec.leaves_at_once(row.step_key)]


def _is_missed(row: Message, now: datetime) -> bool:
    """Whether its moment went by without it, noticed or not."""
    if row.state == MessageState.SKIPPED:
        return row.reason in LEFT_OUT and not row.attempts
    return row.state in messages.UNSENT and now - row.planned_for > timedelta(seconds=row.max_late)


def _open_again(db: Session, run: RunOf) -> None:
    if run.enrolment.ended_at is not None:
        enrolments.reopen_one(db, run.enrolment)


def _count_anew(db: Session, client: Client, run: RunOf, steps: Iterable[str], now: datetime) -> None:
    """Move the run on by whole days, until the first of these steps lies ahead."""
    calendar = read_calendar(db, client, now=now)
    active = calendar.run(run.enrolment.id)
    waiting = [step for step in active.spec.steps if step.key in steps]
    first = min(moment(as_run(active, calendar), step, zone=calendar.zone, window=ALWAYS) for step in waiting)
    if first < now:
        days = timedelta(days=(now - first) // timedelta(days=1) + 1)
        anchor = shift(datetime.fromisoformat(run.enrolment.anchor_local), days)
        enrolments.count_from(run.enrolment, to_utc(anchor, parse_zone(run.enrolment.anchor_zone)))
        db.flush()
