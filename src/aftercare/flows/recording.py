"""Writes down what the relay answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic, sleep

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from aftercare.domain import retry
from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown
from aftercare.domain.states import MessageState
from aftercare.flows.tools import Tools
from aftercare.models import Message
from aftercare.store import audit, clients, consents, enrolments, messages
from aftercare.store import dispatch as rows

log = structlog.get_logger()

AGAIN_AFTER_SECONDS = 0.5
"""A database that comes back is found within it."""


def record(tools: Tools, fence: str, fates: Sequence[tuple[str, Outcome]]) -> None:
    """Commit the fates of messages that this fence has in transmission.

    While the database is away it is tried again and again: nobody else knows what the relay has accepted, and
    without it those messages would be in doubt and sent once more (F4, P3). Given up, with the database's
    own error, when as much time has passed as a doubt lasts."""
    if not fates:
        return
    doubt_lasts = tools.settings.lease_seconds + tools.settings.reconcile_seconds
    give_up = monotonic() + doubt_lasts
    while not _is_recorded(tools, fence, fates, last_try=monotonic() >= give_up):
        sleep(AGAIN_AFTER_SECONDS)


def _is_recorded(tools: Tools, fence: str, fates: Sequence[tuple[str, Outcome]], *, last_try: bool) -> bool:
    try:
        _record(tools, fence, fates)
    except (OperationalError, InterfaceError) as error:
        if last_try:
            raise
        log.warning("not_recorded_yet", count=len(fates), error=type(error).__name__)
        return False
    return True


def _record(tools: Tools, fence: str, fates: Sequence[tuple[str, Outcome]]) -> None:
    """In one transaction with the end of writing to addresses that do not exist: a crash must not come
    between (P14). Doing it again after a commit whose confirmation was lost changes nothing."""
    now, fate_of = tools.clock.now(), dict(fates)
    accepted = [key for key, outcome in fates if isinstance(outcome, Accepted)]
    with tools.transaction() as db:
        settled = _settle_others(db, tools, fence, fate_of, now) if len(accepted) < len(fates) else []
        if accepted:
            settled += rows.settle_accepted(db, fence, accepted, now)
        rows.finish_attempts(db, [(key, number, *_words(fate_of[key])) for key, number in settled], now)
        _note_late_proofs(db, set(fate_of) - {key for key, _ in settled}, fate_of, now)


def _settle_others(
    db: Session, tools: Tools, fence: str, fate_of: dict[str, Outcome], now: datetime
) -> list[tuple[str, int]]:
    """All that were not accepted; their ids and attempt numbers."""
    others = {key: outcome for key, outcome in fate_of.items() if not isinstance(outcome, Accepted)}
    dead = [key for key, outcome in others.items() if _is_dead_address(outcome)]
    if dead:
        # Before any message is locked, as everywhere: first the person, then her messages.
        clients.lock_all(db, rows.owners_of(db, dead))
    found = rows.on_the_wire(db, fence, list(others))
    for message in found:
        _settle(message, others[message.id], now, timedelta(seconds=tools.settings.reconcile_seconds))
    for message in found:
        if message.id in dead:
            _suppress(db, message, others[message.id], now)
    return [(message.id, message.attempts) for message in found]


def _note_late_proofs(db: Session, overtaken: set[str], fate_of: dict[str, Outcome], now: datetime) -> None:
    """A lease ran out while the relay took its time. That it did take the message ends every doubt; any
    other answer says nothing that is not known."""
    proven = [key for key in overtaken if isinstance(fate_of[key], Accepted)]
    if proven:
        rows.settle_late_proof(db, proven, now)


def _is_dead_address(outcome: Outcome) -> bool:
    return isinstance(outcome, Permanent) and outcome.blames is Blame.RECIPIENT


def _settle(
    message: Message, outcome: Transient | Permanent | Unknown, now: datetime, reconcile: timedelta
) -> None:
    message.fence = message.lease_until = None
    message.claims = 0
    match outcome:
        case Unknown():
            state = MessageState.UNKNOWN
            message.due_at = now + reconcile
        case Permanent(blames=Blame.RECIPIENT | Blame.CONTENT):
            state = MessageState.FAILED
        case Transient() | Permanent():
            # The relay or the way to it is in trouble: that is never held against the message.
            state = MessageState.PLANNED
            message.due_at = retry.next_attempt(message.attempts, now)
            if retry.is_given_up(message.planned_for, now):
                state = MessageState.FAILED
    messages.set_state(message, state, reason=outcome.reason, by="engine", now=now)


def _words(outcome: Outcome) -> tuple[str, str]:
    reason = outcome.reply if isinstance(outcome, Accepted) else outcome.reason
    return type(outcome).__name__.lower(), reason


def _suppress(db: Session, message: Message, outcome: Outcome, now: datetime) -> None:
    client, reason = clients.lock(db, message.client_id), _words(outcome)[1]
    consents.suppress(db, client, reason=f"hard_bounce:{reason}", by="engine", now=now)
    runs = [run.id for run, _, _ in enrolments.active(db, client.id)]
    enrolments.end(db, runs, reason="suppressed", by="engine", now=now)
    messages.cancel_unsent(db, reason="suppressed", by="engine", now=now, client_id=[client.id])
    audit.record(db, client.clinic_id, "address.suppressed", client.id, actor="engine", now=now)
    log.info("address_suppressed", client=client.id, reason=reason)
