"""Plans what nobody has planned yet: sessions whose task was lost, or that come faster than it can plan."""

from time import monotonic

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from aftercare.flows import enrolments
from aftercare.flows.tools import Tools
from aftercare.store import sessions

log = structlog.get_logger()

LONGEST_SECONDS = 10
"""As long as a task may send: a sweep never waits longer for a free process."""


def plan_waiting(tools: Tools) -> int:
    """Plan sessions, longest logged first, until none is left; returns how many.

    Any number of workers may run this at once: each passes over what another one is planning. Which session
    is chosen only here, as `deliver` chooses its messages: a task for each would pile up behind an outage,
    again with every sweep, and nothing would be sent meanwhile."""
    planned, cannot = 0, set[str]()
    started = monotonic()
    while monotonic() - started < LONGEST_SECONDS and (session_id := _plan_next(tools, cannot)):
        planned += session_id not in cannot
    return planned


def _plan_next(tools: Tools, cannot: set[str]) -> str | None:
    """The id of the session that was planned, or has joined those that cannot be; None where all are done."""
    now = tools.clock.now()
    session_id = None
    try:
        with tools.transaction() as db:
            session_id = sessions.next_unplanned(db, besides=cannot)
            if session_id is not None:
                enrolments.schedule_followups(db, session_id, now=now)
    except (OperationalError, InterfaceError):
        # The database is in trouble, not this session.
        raise
    except Exception as error:
        if session_id is None:
            raise
        # Whatever is wrong with one session, the others must have their plans (P1).
        log.error("cannot_plan", session=session_id, error=type(error).__name__)
        cannot.add(session_id)
    return session_id
