"""What a new run does to the runs that are going on, and whether it starts at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


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

    Reasons: new, restarted, parallel, every_visit; not started: already_running, tender_run_active (staff are
    told), nothing_new."""

    start: bool
    reason: str
    ends: tuple[str, ...] = ()
    every_visit_only: bool = False


def decide(new: NewRun, active: Sequence[ActiveRun], last_started: datetime | None) -> Decision:
    """`last_started`: anchor (UTC) of the client's last whole run of this sequence, if any."""
    raise NotImplementedError
