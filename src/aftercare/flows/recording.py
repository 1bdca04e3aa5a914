"""Writes down what the relay answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from aftercare.domain import retry
from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown
from aftercare.domain.states import MessageState
from aftercare.flows.tools import Tools
from aftercare.models import Message
from aftercare.store import audit, clients, consents, enrolments, messages
from aftercare.store import dispatch as rows

log = structlog.get_logger()


def record(tools: Tools, fence: str, fates: Sequence[tuple[str, Outcome]]) -> None:
    """Commit the fates of messages that this fence has in transmission; then, in transactions of their
    own, stop writing to addresses that do not exist (P14)."""
    if not fates:
        return
    now = tools.clock.now()
    reconcile = timedelta(seconds=tools.settings.reconcile_seconds)
    fate_of = dict(fates)
    with tools.transaction() as db:
        found = rows.on_the_wire(db, fence, list(fate_of))
        for message in found:
            _settle(message, fate_of[message.id], now, reconcile)
        rows.finish_attempts(db, [(row.id, row.attempts, *_words(fate_of[row.id])) for row in found], now)
    for message in found:
        outcome = fate_of[message.id]
        if isinstance(outcome, Permanent) and outcome.blames is Blame.RECIPIENT:
            _address_is_dead(tools, message, outcome.reason, now)


def _settle(message: Message, outcome: Outcome, now: datetime, reconcile: timedelta) -> None:
    message.fence = message.lease_until = None
    message.claims = 0
    state, reason = MessageState.SENT, None
    match outcome:
        case Accepted():
            message.sent_at = now
        case Unknown():
            state, reason = MessageState.UNKNOWN, outcome.reason
            message.due_at = now + reconcile
        case Permanent(blames=Blame.RECIPIENT | Blame.CONTENT):
            state, reason = MessageState.FAILED, outcome.reason
        case Transient() | Permanent():
            # The relay or the way to it is in trouble: that is never held against the message.
            state, reason = MessageState.PLANNED, outcome.reason
            message.due_at = retry.next_attempt(message.attempts, now)
            if retry.is_given_up(message.planned_for, now):
                state = MessageState.FAILED
    messages.set_state(message, state, reason=reason, by="engine", now=now)


def _words(outcome: Outcome) -> tuple[str, str]:
    reason = outcome.reply if isinstance(outcome, Accepted) else outcome.reason
    return type(outcome).__name__.lower(), reason


def _address_is_dead(tools: Tools, message: Message, reason: str, now: datetime) -> None:
    with tools.transaction() as db:
        client = clients.lock(db, message.client_id)
        consents.suppress(db, client, reason=f"hard_bounce:{reason}", by="engine", now=now)
        runs = [run.id for run, _, _ in enrolments.active(db, client.id)]
        enrolments.end(db, runs, reason="suppressed", by="engine", now=now)
        messages.cancel_unsent(db, reason="suppressed", by="engine", now=now, client_id=[client.id])
        audit.record(db, client.clinic_id, "address.suppressed", client.id, actor="engine", now=now)
    log.info("address_suppressed", client=message.client_id, reason=reason)
