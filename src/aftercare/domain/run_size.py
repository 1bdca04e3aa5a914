"""How many emails a run has and over how many days, and how its first email says so (content section 3)."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from aftercare.domain.caps import PRIORITY, Caps
from aftercare.domain.localtime import Anchor
from aftercare.domain.plan import Run, plan_client
from aftercare.domain.steps import SequenceSpec
from aftercare.domain.windows import Window

Form = Literal["none", "short", "days", "weeks"]
"""One email says nothing of others; what is over within a day needs no length; nobody counts 84 days."""
MOST_DAYS = 28
_SOME_MONDAY = datetime(2026, 1, 5, 14, tzinfo=UTC)


def ordinary(spec: SequenceSpec) -> tuple[int, int]:
    """The emails and days of an ordinary run of this sequence, which nothing moves or skips."""
    run = Run(
        key="ordinary",
        steps=spec.steps,
        anchor=Anchor.at(_SOME_MONDAY, ZoneInfo("UTC")),
        priority=PRIORITY[spec.priority],
        facts={},
        purpose=spec.purpose,
    )
    window = Window.parse("08:00-20:00")
    planned = plan_client((run,), (), zone=ZoneInfo("UTC"), window=window, caps=Caps())
    times = [step.planned_for for step in planned if step.skip is None]
    return max(1, len(times)), days_over(times)


def days_over(times: Collection[datetime]) -> int:
    """Days from the first to the last of these instants, rounded up, at least one."""
    return max(1, -((min(times) - max(times)) // timedelta(days=1))) if times else 1


def form(emails: int, days: int) -> Form:
    """Which sentence fits a run of that size."""
    if emails <= 1:
        return "none"
    if days <= 1:
        return "short"
    return "days" if days <= MOST_DAYS else "weeks"


def values(emails: int, days: int) -> Mapping[str, str]:
    """What the sentence is filled in with, by merge field."""
    return {"run.emails": str(emails), "run.days": str(days), "run.weeks": str(round(days / 7))}
