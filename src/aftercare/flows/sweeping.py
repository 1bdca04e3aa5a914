"""The sweep: finds everything that waits, whatever the broker forgot (design section 2, P1, P5, P6)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.lanes import NEWS
from aftercare.domain.plan import LESS_OFTEN
from aftercare.domain.signups import FORGET_AFTER
from aftercare.domain.states import MessageState
from aftercare.flows import (
    breaker,
    fresh_links,
    imports,
    newsletter_sending,
    pausing,
    signs_of_life,
    signup_mail,
    support_path,
)
from aftercare.flows.tools import Tools
from aftercare.models import Message
from aftercare.store import dispatch, enrolments, idempotency, messages, recovery, waiting

EXPIRES = 60
MAX_FAN_OUT = 8
PLANS_PER_TASK = 25
ANSWERS_KEPT = timedelta(hours=24)
"""How long a program may ask for the answer to a POST again (Idempotency-Key)."""


def sweep(tools: Tools, asked_by: str = "") -> None:
    """One round. Two at once, or twenty in a row, change nothing that one would not (P12). `asked_by` leaves
    a sign of life of its own: a beat's, so that its absence shows although workers also sweep without."""
    now, unshifted = tools.clock.now(), tools.clock.unshifted()
    if _finds_work(tools, now, unshifted):
        _work(tools, now, unshifted)
    with tools.transaction() as db:
        # At the end: a sweep that cannot do its work is to be missed.
        signs_of_life.leave(db, tools, asked_by, unshifted)
        unplanned, due = _next_tasks(db, tools, now)
    for _ in range(min(MAX_FAN_OUT, -(-unplanned // PLANS_PER_TASK))):
        tools.submit("plan_waiting", expires=EXPIRES)
    for sender, count in due.items():
        most = 1 if sender == NEWS else MAX_FAN_OUT
        for _ in range(min(most, -(-count // tools.settings.batch_size))):
            tools.submit("deliver", sender, expires=EXPIRES)


def _finds_work(tools: Tools, now: datetime, unshifted: datetime) -> bool:
    with tools.reading() as db:
        return waiting.anything(
            db,
            now=now,
            unshifted=unshifted,
            signups_before=unshifted - FORGET_AFTER,
            answers_before=unshifted - ANSWERS_KEPT,
            files_before=now - imports.KEPT,
        )


def _next_tasks(db: Session, tools: Tools, now: datetime) -> tuple[int, dict[str, int]]:
    """How many rows wait for a plan, and how many emails are due of each sender that is not left alone."""
    due = dispatch.senders_with_due_work(db, now)
    open_to = {sender: count for sender, count in due.items() if not breaker.stands_open(db, tools, sender)}
    return waiting.for_a_plan(db), open_to


def _work(tools: Tools, now: datetime, unshifted: datetime) -> None:
    """All that `waiting.anything` asks after: what people have typed in or asked for and how long they wait
    already, then what was left behind, has run out or grown old."""
    signup_mail.confirm_waiting(tools)
    fresh_links.answer_waiting(tools)
    support_path.escalate(tools, now=now)
    with tools.transaction() as db:
        recover(db, now=now, unshifted=unshifted, reconcile=_reconcile(tools))
        enrolments.end_completed(db, now)
        idempotency.forget(db, unshifted - ANSWERS_KEPT)
        imports.forget_old(db, now=now)
        subscribers_wait = newsletter_sending.keep(db, now=now)
        rested = recovery.pauses_over(db, now)
    for client_id in rested:
        # On its own: whoever locks a person must not hold messages already (ADR 2).
        with tools.transaction() as db:
            pausing.end(db, client_id, now=now)
    if subscribers_wait:
        tools.submit("enrol_subscribers", expires=EXPIRES)


def recover(db: Session, *, now: datetime, unshifted: datetime, reconcile: timedelta) -> None:
    """Take over what dead workers held, settle what has waited long enough in doubt, and let go what a client
    who asked for fewer emails does not want to have."""
    recovery.take_back_claims(db, unshifted=unshifted, now=now)
    recovery.find_unknown(db, unshifted=unshifted, now=now, reconcile=reconcile)
    for message in recovery.unknown_to_settle(db, now):
        _settle_unknown(message, now)
    recovery.leave_out(db, LESS_OFTEN, now)
    db.flush()


def _settle_unknown(message: Message, now: datetime) -> None:
    """The stream's policy: send once more (same bytes, same Message-ID), leave it to staff, or drop it.

    A second doubt about the same email always goes to staff (reliability 4)."""
    if message.ambiguous == "drop":
        state, reason = MessageState.SKIPPED, "ambiguous"
    elif message.ambiguous == "resend" and message.resends == 0:
        state, reason = MessageState.PLANNED, "resend_after_doubt"
        message.resends, message.due_at = 1, now
    else:
        state, reason = MessageState.HELD, "ambiguous"
    messages.set_state(message, state, reason=reason, by="engine", now=now)


def _reconcile(tools: Tools) -> timedelta:
    return timedelta(seconds=tools.settings.reconcile_seconds)
