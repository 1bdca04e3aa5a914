"""Plans what nobody has planned yet: sessions and appointments whose task was lost, or that come faster than
it can plan, and runs that have come to their end."""

from collections.abc import Collection
from datetime import datetime
from time import monotonic
from typing import NamedTuple, Protocol

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from aftercare.flows import booked, enrolments, finished
from aftercare.flows.tools import Tools
from aftercare.store import appointments, sessions
from aftercare.store import enrolments as runs

log = structlog.get_logger()

LONGEST_SECONDS = 10
"""As long as a task may send: a sweep never waits longer for a free process."""


class _Find(Protocol):
    def __call__(self, db: Session, *, besides: Collection[str]) -> str | None: ...


class _Plan(Protocol):
    def __call__(self, db: Session, row_id: str, now: datetime) -> object: ...


class _Kind(NamedTuple):
    """Rows that wait for a plan: which is next, and its plan."""

    find: _Find
    plan: _Plan


def plan_waiting(tools: Tools) -> int:
    """Plan sessions, longest logged first, then appointments, then what follows on completed runs, until
    nothing is left; returns how many rows.

    Any number of workers may run this at once: each passes over what another one is planning. Which row is
    chosen only here, as `deliver` chooses its messages: a task for each would pile up behind an outage, again
    with every sweep, and nothing would be sent meanwhile."""
    planned, cannot = 0, set[str]()
    started = monotonic()
    for kind in KINDS:
        while monotonic() - started < LONGEST_SECONDS and (row_id := _plan_next(tools, kind, cannot)):
            planned += row_id not in cannot
    return planned


def _plan_next(tools: Tools, kind: _Kind, cannot: set[str]) -> str | None:
    """The id of the row that was planned, or has joined those that cannot be; None where all are done."""
    now = tools.clock.now()
    row_id = None
    try:
        with tools.transaction() as db:
            row_id = kind.find(db, besides=cannot)
            if row_id is not None:
                kind.plan(db, row_id, now)
    except (OperationalError, InterfaceError):
        # The database is in trouble, not this row.
        raise
    except Exception as error:
        if row_id is None:
            raise
        # Whatever is wrong with one row, the others must have their plans (P1).
        log.error("cannot_plan", row=row_id, error=type(error).__name__)
        cannot.add(row_id)
    return row_id


def _next_completed(db: Session, *, besides: Collection[str]) -> str | None:
    # Not locked: whoever undoes a session holds its client and wants her runs, completed ones too.
    return next(iter(runs.completed(db, besides=besides, limit=1)), None)


KINDS = (
    _Kind(
        sessions.next_unplanned, lambda db, row_id, now: enrolments.schedule_followups(db, row_id, now=now)
    ),
    _Kind(
        appointments.next_unplanned, lambda db, row_id, now: booked.schedule_appointment(db, row_id, now=now)
    ),
    _Kind(_next_completed, lambda db, row_id, now: finished.follow_up(db, row_id, now=now)),
)
"""In the order of their haste."""
