"""The difference between the messages that stand and those that should: what `replan` has to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare.domain.plan import PlannedStep
from aftercare.domain.states import MessageState


@dataclass(frozen=True)
class Standing:
    """A message row as it stands. `planned_for` is UTC."""

    message_id: str
    run_key: str
    step_key: str
    planned_for: datetime
    state: MessageState
    max_late: timedelta


@dataclass(frozen=True)
class Move:
    """Give row `message_id` this planned instant (UTC) and limit; its state stays."""

    message_id: str
    planned_for: datetime
    max_late: timedelta


@dataclass(frozen=True)
class Skipping:
    """Skip row `message_id` for `reason`."""

    message_id: str
    reason: str


@dataclass(frozen=True)
class Changes:
    """What to do. `insert` holds steps without a row; those with a `skip` reason go in as skipped rows."""

    insert: tuple[PlannedStep, ...] = ()
    move: tuple[Move, ...] = ()
    cancel: tuple[str, ...] = ()
    skip: tuple[Skipping, ...] = ()


def difference(standing: Sequence[Standing], wanted: Sequence[PlannedStep]) -> Changes:
    """What turns `standing` into `wanted`."""
    raise NotImplementedError
