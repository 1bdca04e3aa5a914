"""What waits for a sweep, asked in one question: most sweeps find nothing, and the database of a quiet clinic
would be busy with twenty questions every few seconds."""

from datetime import datetime

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from aftercare.domain.plan import LESS_OFTEN
from aftercare.domain.states import MessageState
from aftercare.models import IdempotencyKey, ImportBatch, LinkRequest, Message, NewsletterIssue
from aftercare.models.base import UTCDateTime
from aftercare.store import (
    alerts,
    appointments,
    enrolments,
    idempotency,
    imports,
    newsletters,
    recovery,
    sessions,
    signups,
)

MANY = 500
"""More rows of a kind that wait for a plan are not counted."""

NOW, UNSHIFTED, LONG_AGO, YESTERDAY, EARLIER = (
    bindparam(name, type_=UTCDateTime()) for name in ("now", "unshifted", "signups", "answers", "files")
)


def anything(
    db: Session,
    *,
    now: datetime,
    unshifted: datetime,
    signups_before: datetime,
    answers_before: datetime,
    files_before: datetime,
) -> bool:
    """Whether somebody waits for an answer, something was left behind or has run out, or is too old to be
    kept: sign-ups without a yes, answers to requests and files of clients from before these instants.

    What is due, and what has no plan yet, are questions of their own: whoever answers people makes more of
    both."""
    instants = {
        "now": now,
        "unshifted": unshifted,
        "signups": signups_before,
        "answers": answers_before,
        "files": files_before,
    }
    return bool(db.scalar(_ANYTHING, instants))


def for_a_plan(db: Session) -> int:
    """How many sessions, appointments and completed runs wait for a plan; of each kind at most `MANY`."""
    return db.scalar(_PLANS) or 0


def _number(rows: Select[str]) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows.limit(MANY).subquery()).scalar_subquery()


# Made once: SQLAlchemy takes longer to put such a question together than a database to answer it.
_ANYTHING = select(
    or_(
        signups.waiting().exists(),
        exists().select_from(LinkRequest),
        alerts.late(NOW).exists(),
        recovery.expired(MessageState.CLAIMED, UNSHIFTED).exists(),
        recovery.expired(MessageState.TRANSMITTING, UNSHIFTED).exists(),
        exists(Message.id).where(*recovery.undecided(NOW)),
        recovery.to_leave_out(LESS_OFTEN, NOW).exists(),
        recovery.paused_until(NOW).exists(),
        enrolments.run_out().exists(),
        exists(NewsletterIssue.id).where(*newsletters.UNDER_WAY),
        signups.old(LONG_AGO).exists(),
        exists(IdempotencyKey.id).where(idempotency.made_before(YESTERDAY)),
        exists(ImportBatch.id).where(*imports.in_state("staged", EARLIER)),
        exists(ImportBatch.id).where(*imports.in_state("begun", EARLIER)),
        exists(ImportBatch.id).where(*imports.repeats_rows(EARLIER)),
    )
)
_PLANS = select(
    _number(sessions.without_plan()) + _number(appointments.without_plan()) + _number(enrolments.unfollowed())
)
