"""Sending: claim a batch, decide again, begin to transmit, send, record. The one flow that spans several
transactions, so it is handed its tools (design sections 4 and 5).

Three commits per message: claimed, transmitting (before the first byte of DATA), result. A row found in
`transmitting` after a crash has an unknown fate; at most `wire_limit` rows of a process can (P3)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from aftercare.domain.lanes import ALERTS
from aftercare.domain.outcomes import Outcome
from aftercare.domain.states import MessageState
from aftercare.flows import breaker, deciding, leases, recording, rendering
from aftercare.flows.tools import Tools
from aftercare.mail.senders.base import Outgoing
from aftercare.store import clients, messages
from aftercare.store import dispatch as rows
from aftercare.store.dispatch import Claimed

log = structlog.get_logger()

COMMIT_EVERY_SECONDS = 0.05
LONGEST_SECONDS = 10
"""A task claims no further batch after so long, so that a sweep never waits longer for a free process; the
tasks that the last sweep fanned out go on."""


def deliver(tools: Tools, sender: str) -> int:
    """Send what is due for one sender until nothing is left; returns how many were handed over.

    Any number of workers may run this at once: each works on rows that it alone has claimed."""
    handed_over = 0
    started = monotonic()
    while monotonic() - started < LONGEST_SECONDS:
        fence = secrets.token_hex(8)
        claimed = [] if breaker.is_open(tools, sender) else claim(tools, sender, fence)
        if not claimed:
            break
        with leases.kept(tools, fence):
            handed_over += _work_off(tools, sender, fence, claimed)
    return handed_over


def claim(tools: Tools, sender: str, fence: str) -> list[str]:
    """Claim the next batch; ids, longest due first. First of the three commits."""
    now = tools.clock.now()
    lease_until = tools.clock.unshifted() + timedelta(seconds=tools.settings.lease_seconds)
    with tools.transaction() as db:
        return rows.claim(
            db,
            sender=sender,
            now=now,
            fence=fence,
            lease_until=lease_until,
            limit=tools.settings.batch_size,
        )


def send_claimed(tools: Tools, sender: str, fence: str, message_ids: Sequence[str]) -> list[Outcome]:
    """Decide, transmit and record up to `wire_limit` claimed messages; the outcomes of those that went
    on the wire."""
    with tools.wire:
        ready = begin(tools, fence, message_ids)
        return _transmit(tools, sender, fence, ready)


def begin(tools: Tools, fence: str, message_ids: Sequence[str]) -> list[Outgoing]:
    """The second commit: those of these messages that may go out are in `transmitting` and rendered.

    Their clients are locked while it is decided, so a stop comes either before, and they are not
    returned, or after, and they may finish (P7)."""
    now = tools.clock.now()
    lease_until = tools.clock.unshifted() + timedelta(seconds=tools.settings.lease_seconds)
    with tools.transaction() as db:
        clients.lock_all(db, rows.owners(db, fence, message_ids))
        claimed = rows.claimed_facts(db, fence, message_ids)
        chosen = deciding.apply_decisions(db, claimed, now)
        ready = _render_all(db, tools, chosen, now)
        cleared = rows.begin_transmitting(
            db, fence, [out.key for out in ready], now=now, lease_until=lease_until
        )
    return [out for out in ready if out.key in cleared]


def _work_off(tools: Tools, sender: str, fence: str, claimed: Sequence[str]) -> int:
    handed_over = 0
    for start in range(0, len(claimed), tools.settings.wire_limit):
        _alerts_first(tools, sender)
        outcomes = send_claimed(tools, sender, fence, claimed[start : start + tools.settings.wire_limit])
        handed_over += len(outcomes)
        if reason := breaker.complaint(outcomes):
            log.warning("relay_failed", sender=sender, reason=reason, offered=len(outcomes))
        if breaker.trips(outcomes):
            breaker.open_for_a_while(tools, sender)
            break
    with tools.transaction() as db:
        rows.release(db, fence, tools.clock.now())
    return handed_over


def _alerts_first(tools: Tools, sender: str) -> None:
    """Where every worker is busy with a long line, or the broker hands out tasks in their order, none would
    come to the task for alerts within a minute. So whoever sends anything else looks for them in between."""
    if sender == ALERTS:
        return
    with tools.reading() as db:
        waiting = rows.has_due_alerts(db, tools.clock.now())
    if waiting:
        deliver(tools, ALERTS)


def _render_all(db: Session, tools: Tools, chosen: Sequence[Claimed], now: datetime) -> list[Outgoing]:
    sizes = messages.run_sizes(db, [one.enrolment.id for one in chosen])
    with db.no_autoflush:  # what is frozen of all of them is written at once, by the update that follows
        rendered = {
            one.message.id: _render(db, tools, one, sizes[one.enrolment.id], now)
            for one in sorted(chosen, key=lambda one: rendering.compiling_order(one, sizes[one.enrolment.id]))
        }
    return [out for one in chosen if (out := rendered[one.message.id]) is not None]


def _render(
    db: Session, tools: Tools, claimed: Claimed, run_size: tuple[int, int], now: datetime
) -> Outgoing | None:
    """The finished message; None where it cannot be rendered: it is parked, its neighbours go out (P13)."""
    try:
        return rendering.outgoing(db, tools, claimed, run_size, now)
    except SQLAlchemyError:
        # The database is in trouble, not this email: the lease ends and all of them are tried again.
        raise
    except Exception as error:  # noqa: BLE001 - whatever one email's content does, the batch must go on
        log.error("cannot_render", message=claimed.message.id, error=type(error).__name__)
        messages.set_state(claimed.message, MessageState.FAILED, reason="cannot_render", by="engine", now=now)
        claimed.message.fence = claimed.message.lease_until = None
        db.flush()
        return None


def _transmit(tools: Tools, sender: str, fence: str, ready: Sequence[Outgoing]) -> list[Outcome]:
    """Hand over, and commit results as they come in: the third commit."""
    outcomes: list[Outcome] = []
    waiting: list[tuple[str, Outcome]] = []
    committed = monotonic()
    try:
        for key, outcome in tools.sender(sender).send(ready):
            waiting.append((key, outcome))
            outcomes.append(outcome)
            if monotonic() - committed >= COMMIT_EVERY_SECONDS:
                recording.record(tools, fence, waiting)
                waiting, committed = [], monotonic()
    finally:
        # Also where a sender or the database failed: what the relay has accepted must not be sent again.
        recording.record(tools, fence, waiting)
    return outcomes
