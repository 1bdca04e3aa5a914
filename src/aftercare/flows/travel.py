"""Time travel in the sandbox (design section 2.6): the clock goes from one due instant to the next, and at
each everything is sent before it goes on. So a jump is no outage: nothing is late and nothing expires by it.

A journey is a stored record. Any number of workers may work on it at once, and one that died in the middle
is taken over: each hop is one transaction that moves the clock only if nothing is left to do here."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows import dispatch, newsletter_sending, planning, sweeping
from aftercare.flows.tools import Tools
from aftercare.store import dispatch as rows
from aftercare.store import enrolments, messages, recovery, sandbox, settings, waiting

JOURNEY = "sandbox.journey"
FARTHEST = timedelta(days=366)
PAUSE_SECONDS = 0.02
"""Between two looks at what another worker has in its hands."""


@dataclass(frozen=True)
class Journey:
    """Where the clock is going. `until` is an instant of the shifted clock; `sent_before`: how many emails
    had left when it started."""

    until: datetime
    sent_before: int


class Hop(Enum):
    """What one step of a journey came to."""

    MOVED = "moved"
    BUSY = "busy"
    ARRIVED = "arrived"


def start(db: Session, until: datetime, *, unshifted: datetime) -> Journey:
    """Record a journey of the clock to `until`; submit `travel` after the commit.

    Conflict where it is travelling already, InvalidInput for the past or more than a year ahead."""
    now = unshifted + sandbox.lock_offset(db)
    if current(db) is not None:
        raise Conflict("The clock is on its way already. Wait until it has arrived.")
    if not now < until <= now + FARTHEST:
        raise InvalidInput("until", "choose a time after the sandbox's own, at most a year ahead")
    return _record(db, until)


def current(db: Session) -> Journey | None:
    """The journey that is going on, if any."""
    value: dict[str, Any] | None = sandbox.locked_value(db, JOURNEY)
    if value is None:
        return None
    return Journey(datetime.fromisoformat(value["until"]), int(value["sent_before"]))


def sent_so_far(db: Session, journey: Journey) -> int:
    """How many emails have left since it started."""
    return max(0, messages.counts_by_state(db).get("sent", 0) - journey.sent_before)


def next_email(db: Session, now: datetime) -> datetime:
    """When the next email is due. NotFound where none is planned."""
    due = messages.next_due(db, now)
    if due is None:
        raise NotFound("No email is planned. Log a session first.")
    return due


def run(tools: Tools, *, stop: Callable[[], bool] = lambda: False) -> None:
    """Work on the journey that is going on until it has arrived, or `stop` says so (it stays recorded)."""
    _only_in_a_sandbox(tools)
    hop = Hop.MOVED
    while hop is not Hop.ARRIVED and not stop():
        do_what_is_due(tools)
        hop = _hop(tools)
        if hop is Hop.BUSY:
            time.sleep(PAUSE_SECONDS)


def travel(tools: Tools, until: datetime) -> None:
    """Go there, and return when the clock has arrived. Errors as `start`."""
    _only_in_a_sandbox(tools)
    with tools.transaction() as db:
        start(db, until, unshifted=tools.clock.unshifted())
    run(tools)


def do_what_is_due(tools: Tools) -> None:
    """Plan and send at once what the sweep finds, without waiting for another worker."""
    sweeping.sweep(tools)
    planning.plan_waiting(tools)
    newsletter_sending.enrol_waiting(tools)
    now = tools.clock.now()
    with tools.reading() as db:
        senders = rows.senders_with_due_work(db, now)
    for sender in senders:
        dispatch.deliver(tools, sender)


def wake_up(tools: Tools) -> bool:
    """At the start of the one process of a sandbox; whether `travel` is to be submitted.

    Nobody else holds rows. While it was off its clock stood still: it goes on from its last sign of life and
    travels to where it would be by now, so that a night's rest makes nothing late. An open journey is
    resumed."""
    unshifted = tools.clock.unshifted()
    with tools.transaction() as db:
        offset = sandbox.lock_offset(db)
        sandbox.end_leases(db, unshifted)
        asleep_since = settings.last_beat(db, "sweep")
        if asleep_since is None or asleep_since >= unshifted:
            return current(db) is not None
        journey = current(db)
        until = unshifted + offset
        sandbox.set_offset(db, offset - (unshifted - asleep_since))
        _record(db, max(until, journey.until) if journey else until)
    return True


def _hop(tools: Tools) -> Hop:
    """Move the clock to the next due instant, or to the journey's end, in one transaction: what is claimed or
    logged before it is seen here, and what comes after it sees the new time."""
    unshifted = tools.clock.unshifted()
    with tools.transaction() as db:
        now = unshifted + sandbox.lock_offset(db)
        journey = current(db)
        if journey is None:
            return Hop.ARRIVED
        if messages.anything_to_do(db, now) or waiting.for_a_plan(db) or enrolments.anything_over(db):
            return Hop.BUSY
        if journey.until <= now:
            sandbox.forget(db, JOURNEY)
            return Hop.ARRIVED
        stops = messages.next_due(db, now), recovery.next_pause_end(db, now), journey.until
        sandbox.set_offset(db, min(filter(None, stops)) - unshifted)
        return Hop.MOVED


def _record(db: Session, until: datetime) -> Journey:
    journey = Journey(until, messages.counts_by_state(db).get("sent", 0))
    settings.put(db, JOURNEY, {"until": until.isoformat(), "sent_before": journey.sent_before})
    return journey


def _only_in_a_sandbox(tools: Tools) -> None:
    if not tools.settings.sandbox:
        raise Conflict("Only a sandbox can travel in time.")
