"""The plan of somebody whose runs are moved to another version of their sequence, in mid-run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aftercare.domain.plan import PlannedStep, Run

MOVED_PAST = "moved_past"
"""Why a step is left out whose moment under the new version was over when the run was moved to it."""

Planner = Callable[[Sequence[Run]], tuple[PlannedStep, ...]]


def plan_moved(
    runs: Sequence[Run], plan: Planner, *, overdue: Mapping[str, frozenset[str]], now: datetime
) -> tuple[PlannedStep, ...]:
    """What `plan` makes of `runs`, without bursts: a step of a moved run whose moment lies before the move
    (`now`, UTC) is skipped for good instead of being caught up with (R7). `overdue` names the moved runs,
    each with the steps that were due and not yet sent when it moved; such a step still goes out if it is not
    late.

    What is skipped makes room, which may bring another step forward into the past: so it is asked again
    until nothing changes, and planning afresh later finds the same dates."""
    left_out: list[PlannedStep] = []
    while True:
        planned = plan([_without(run, left_out) for run in runs])
        past = [step for step in planned if step.run_key in overdue and _is_over(step, overdue, now)]
        if not past:
            return (*planned, *left_out)
        left_out += [replace(step, skip=MOVED_PAST) for step in past]


def _without(run: Run, left_out: Sequence[PlannedStep]) -> Run:
    return replace(run, done=run.done | {step.step_key for step in left_out if step.run_key == run.key})


def _is_over(step: PlannedStep, overdue: Mapping[str, frozenset[str]], now: datetime) -> bool:
    if step.skip is not None or step.planned_for >= now:
        return False
    in_time = now - step.planned_for <= step.max_late
    return not (in_time and step.step_key in overdue[step.run_key])
