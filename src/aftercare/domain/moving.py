"""The plan of somebody whose runs are moved to another version of their sequence, in mid-run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aftercare.domain.caps import Caps, Taken
from aftercare.domain.plan import PlannedStep, Run, moment, plan_client
from aftercare.domain.windows import Window

MOVED_PAST = "moved_past"
"""Why a step is left out whose moment under the new version was over when the run was moved to it."""


@dataclass(frozen=True)
class Before:
    """What was still to come of a run on its old version: the moment (UTC) that rule and window asked for, by
    step, and those steps whose planned instant had come without their email having gone out."""

    moments: Mapping[str, datetime]
    overdue: frozenset[str]


def plan_moved(
    runs: Sequence[Run],
    taken: Sequence[Taken],
    before: Mapping[str, Before],
    *,
    zone: ZoneInfo,
    window: Window,
    caps: Caps,
    now: datetime,
) -> tuple[PlannedStep, ...]:
    """`plan_client` for the instant `now` (UTC) at which the runs named in `before` are moved to new steps.

    A step whose new moment lies before `now` is skipped for good, not caught up with, or a shorter wait would
    bring a burst (R7). It still comes if it was overdue anyway and is not late. A step whose moment has not
    changed is none of the move's business. What is skipped makes room in the caps, so the rest is planned
    again without it: planning afresh later finds the same dates. Raises InvalidInput as `plan_client`."""
    moments = {
        (run.key, step.key): moment(run, step, zone=zone, window=window)
        for run in runs
        if run.key in before
        for step in run.steps
    }
    left_out: list[PlannedStep] = []
    while True:
        open_runs = [_without(run, left_out) for run in runs]
        planned = plan_client(open_runs, taken, zone=zone, window=window, caps=caps)
        past = [
            replace(step, skip=MOVED_PAST, planned_for=moments[step.run_key, step.step_key])
            for step in planned
            if step.run_key in before
            and _is_over(step, moments[step.run_key, step.step_key], before[step.run_key], now)
        ]
        if not past:
            return (*planned, *left_out)
        left_out += past


def _without(run: Run, left_out: Sequence[PlannedStep]) -> Run:
    return replace(run, done=run.done | {step.step_key for step in left_out if step.run_key == run.key})


def _is_over(step: PlannedStep, asked_for: datetime, before: Before, now: datetime) -> bool:
    unchanged = before.moments.get(step.step_key) == asked_for
    if step.skip == "condition" or asked_for >= now or unchanged:
        return False
    in_time = now - step.planned_for <= step.max_late
    return step.skip is not None or step.step_key not in before.overdue or not in_time
