"""The difference between the messages that stand and those that should: what `replan` has to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare.domain.plan import LESS_OFTEN, PlannedStep
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
    """What to do. `insert` holds steps without a row; those with a `skip` reason go in as skipped rows, but
    for `less_often`: such a step is left out only as long as the client's wish stands."""

    insert: tuple[PlannedStep, ...] = ()
    move: tuple[Move, ...] = ()
    cancel: tuple[str, ...] = ()
    skip: tuple[Skipping, ...] = ()


_MOVABLE = frozenset({MessageState.PLANNED, MessageState.HELD})


def difference(standing: Sequence[Standing], wanted: Sequence[PlannedStep]) -> Changes:
    """What turns `standing` into `wanted`. Applied and asked again, it says: nothing.

    Only planned and held rows change (R5). A cancelled row does not stand in the way of a new one. A row
    that is left out because the client asked for fewer emails stays, and moves with its step: she may change
    her mind."""
    rows = {_key(row): row for row in standing if row.state is not MessageState.CANCELLED}
    steps = {_key(step): step for step in wanted}
    movable = {key: row for key, row in rows.items() if row.state in _MOVABLE}
    both = [(row, steps[key]) for key, row in movable.items() if key in steps]
    return Changes(
        insert=tuple(step for key, step in steps.items() if key not in rows),
        move=tuple(
            Move(row.message_id, step.planned_for, step.max_late)
            for row, step in both
            if not _ends(step) and (row.planned_for, row.max_late) != (step.planned_for, step.max_late)
        ),
        cancel=tuple(row.message_id for key, row in movable.items() if key not in steps),
        skip=tuple(Skipping(row.message_id, step.skip) for row, step in both if step.skip and _ends(step)),
    )


def _ends(step: PlannedStep) -> bool:
    return step.skip not in (None, LESS_OFTEN)


def _key(item: Standing | PlannedStep) -> tuple[str, str]:
    return item.run_key, item.step_key
