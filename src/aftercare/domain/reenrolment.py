"""What a new run does to the runs that are going on, and whether it starts at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare.domain.caps import PRIORITY

_TENDER = PRIORITY["tender"]
_VISIT = PRIORITY["visit"]
_GIVES_WAY = frozenset({PRIORITY["visit"], PRIORITY["touch"]})


@dataclass(frozen=True)
class NewRun:
    """The run that a trigger asks for. `started`: its anchor (UTC); `has_every_visit`: any step of it is
    `every_visit`."""

    sequence: str
    priority: int
    reenrolment: str
    started: datetime
    repeat_after: timedelta | None = None
    has_every_visit: bool = False


@dataclass(frozen=True)
class ActiveRun:
    """A run of the same client that is going on."""

    key: str
    sequence: str
    priority: int
    purpose: str
    started: datetime


@dataclass(frozen=True)
class Decision:
    """Whether the run starts, why or why not, which runs end (reason superseded), how much of it is planned.

    Reasons: new, restarted, parallel, every_visit; not started: already_running, newer_run_active (the visit
    was logged after a later one), tender_run_active (staff are told), nothing_new."""

    start: bool
    reason: str
    ends: tuple[str, ...] = ()
    every_visit_only: bool = False


def decide(new: NewRun, active: Sequence[ActiveRun], last_started: datetime | None) -> Decision:
    """`last_started`: anchor (UTC) of the client's last whole run of this sequence, if any.

    Rules: content section 3, "Supersede" and "Regulars". A tender run ends every other care run; a visit ends
    what is left of an earlier visit or touch run; neither of these starts beside a tender run."""
    own = [run for run in active if run.sequence == new.sequence]
    if own and new.reenrolment == "keep":
        return Decision(False, "already_running")
    if new.reenrolment == "restart" and any(run.started > new.started for run in own):
        return Decision(False, "newer_run_active")
    others = [run for run in active if run.sequence != new.sequence and run.purpose == "care"]
    if new.priority in _GIVES_WAY and any(run.priority == _TENDER for run in others):
        return Decision(False, "tender_run_active")
    restarted = own if new.reenrolment == "restart" else []
    ends = tuple(run.key for run in (*restarted, *_superseded(new, others)))
    if last_started is None or new.repeat_after is None or new.started >= last_started + new.repeat_after:
        reason = "restarted" if restarted else "parallel" if own else "new"
        return Decision(True, reason, ends)
    if new.has_every_visit:
        return Decision(True, "every_visit", ends, every_visit_only=True)
    return Decision(False, "nothing_new", ends)


def _superseded(new: NewRun, others: Sequence[ActiveRun]) -> list[ActiveRun]:
    if new.priority == _TENDER:
        return [run for run in others if run.priority > _TENDER]
    if new.priority == _VISIT:
        # Two sequences that follow the same visit stand beside each other.
        return [run for run in others if run.priority in _GIVES_WAY and run.started < new.started]
    return []
