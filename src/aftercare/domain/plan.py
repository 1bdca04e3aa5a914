"""The plan: the whole calendar of one client, computed from the runs and from what went out already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.caps import Caps, Taken
from aftercare.domain.localtime import Anchor
from aftercare.domain.steps import Step
from aftercare.domain.windows import Window


@dataclass(frozen=True)
class Run:
    """One enrolment to plan. `done`: keys of the steps whose message is sent, in flight or final."""

    key: str
    steps: Sequence[Step]
    anchor: Anchor
    priority: int
    purpose: str
    facts: Mapping[str, object]
    done: frozenset[str] = frozenset()
    every_visit_only: bool = False


@dataclass(frozen=True)
class PlannedStep:
    """When a step goes out (UTC), how late it may be, or why it is skipped: condition, capped, past.

    For a skipped step `planned_for` is the instant that rule and window asked for."""

    run_key: str
    step_key: str
    planned_for: datetime
    max_late: timedelta
    skip: str | None = None


def plan_client(
    runs: Sequence[Run],
    taken: Sequence[Taken],
    *,
    zone: ZoneInfo,
    window: Window,
    caps: Caps,
    logged_at: datetime | None = None,
) -> tuple[PlannedStep, ...]:
    """Places all steps that are not done, in the order of `runs` and of their steps."""
    raise NotImplementedError
