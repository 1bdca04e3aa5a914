"""Emails that may have arrived, twice in doubt: a person decides (reliability section 4)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.errors import Conflict
from aftercare.models import Message
from aftercare.store import audit, clients, enrolments, inbox, messages


def is_in_doubt(message: Message) -> bool:
    """Whether this email waits for somebody's decision."""
    return message.state == MessageState.HELD and message.reason == "ambiguous"


def may_go_again(message: Message, now: datetime) -> bool:
    """Whether it is not too late for it yet."""
    return now - message.planned_for <= timedelta(seconds=message.max_late)


def settle(db: Session, clinic_id: str, message_id: str, *, send: bool, by: str, now: datetime) -> Message:
    """Send it once more, or leave it out. A run that only waited for this email goes on with it. Conflict
    where nothing is in doubt (any more), or where it is too late to send it; NotFound."""
    clients.lock(db, inbox.message(db, clinic_id, message_id).client_id)
    message = inbox.message(db, clinic_id, message_id)
    db.refresh(message)
    if not is_in_doubt(message):
        raise Conflict("This email does not wait for a decision any more.")
    if send and not may_go_again(message, now):
        raise Conflict("It is too late for this email now. Leave it out.")
    state = MessageState.PLANNED if send else MessageState.SKIPPED
    reason = "resend_after_doubt" if send else "ambiguous"
    messages.set_state(message, state, reason=reason, by=by, now=now)
    message.due_at = now
    if send:
        message.resends += 1
        enrolments.reopen_completed(db, message.enrolment_id)
    audit.record(db, clinic_id, "message.settled", message.id, actor=by, now=now, detail={"send": send})
    db.flush()
    return message
