"""What becomes of planned emails if workers sweep from now on: the policy's own answers, in turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from zoneinfo import ZoneInfo

from aftercare.domain.caps import EVERY_DAY, Caps, Taken
from aftercare.domain.plan import PlannedStep
from aftercare.domain.policy import ON_TIME, Decision, Facts, Send, Skip, Wait, decide
from aftercare.domain.steps import Step
from aftercare.domain.windows import Window

Key = tuple[str, str]
"""Run and step."""


@dataclass(frozen=True)
class Coming:
    """A planned email. `due`: when a worker looks at it first (UTC); `still`: not before staff say so."""

    planned: PlannedStep
    step: Step
    purpose: str
    due: datetime
    still: bool = False

    @property
    def key(self) -> Key:
        """Its run and step."""
        return self.planned.run_key, self.planned.step_key


@dataclass(frozen=True)
class Around:
    """What the policy looks at beside the email itself; as in `policy.Facts`."""

    zone: ZoneInfo
    window: Window
    caps: Caps
    taken: Sequence[Taken]
    last_catch_up: datetime | None

    def with_sent(self, one: Coming, at: datetime) -> "Around":
        """After this one has left at `at` (UTC)."""
        planned_for = one.planned.planned_for
        late = at - planned_for > ON_TIME
        counted = one.purpose != "account" and not one.step.uncapped
        taken = Taken(one.planned.run_key, at if late else planned_for, counted)
        return replace(self, taken=[*self.taken, taken], last_catch_up=at if late else self.last_catch_up)


@dataclass(frozen=True)
class Fate:
    """When it leaves (UTC), or why it never does; neither where it stands still."""

    sent_at: datetime | None = None
    reason: str | None = None


def foresee(coming: Sequence[Coming], around: Around) -> dict[Key, Fate]:
    """Each email's fate, all of them one client's. What stands still takes nobody's place; it can be too late
    already. Raises InvalidInput beyond the year 9999."""
    fates = {one.key: _of_still(one, around) for one in coming if one.still}
    waiting = [(one.due, one.planned.planned_for, place) for place, one in enumerate(coming) if not one.still]
    heapify(waiting)
    while waiting:
        at, planned_for, place = heappop(waiting)
        one = coming[place]
        match _decide(one, around, at):
            case Send():
                around = around.with_sent(one, at)
                fates[one.key] = Fate(sent_at=at)
            case Wait(until):
                heappush(waiting, (until, planned_for, place))
            case never:
                fates[one.key] = Fate(reason=never.reason)
    return fates


def facts_of(planned: PlannedStep, step: Step, purpose: str, around: Around) -> Facts:
    """The facts of an email that nothing stops but the calendar."""
    return Facts(
        purpose=purpose,
        consent=True,
        opted_out=False,
        suppressed=False,
        held=False,
        sequence_paused=False,
        paused=False,
        run_active=True,
        planned_for=planned.planned_for,
        max_late=planned.max_late,
        zone=around.zone,
        window=around.window,
        caps=around.caps,
        taken=around.taken,
        last_catch_up=around.last_catch_up,
        only_on=step.only_on or EVERY_DAY,
        uncapped=step.uncapped,
        window_any=step.window_any,
        run_key=planned.run_key,
    )


def _decide(one: Coming, around: Around, at: datetime) -> Decision:
    return decide(facts_of(one.planned, one.step, one.purpose, around), at)


def _of_still(one: Coming, around: Around) -> Fate:
    decision = _decide(one, around, one.due)
    return Fate(reason=decision.reason if isinstance(decision, Skip) else None)
