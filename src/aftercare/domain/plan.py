"""The plan: the whole calendar of one client, computed from the runs and from what went out already."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.caps import NO_CAPS, Caps, Taken, next_allowed
from aftercare.domain.conditions import all_match, until_learned
from aftercare.domain.localtime import Anchor, shift, to_local
from aftercare.domain.steps import Step
from aftercare.domain.waits import Slot
from aftercare.domain.windows import ALWAYS, Window

DEFAULT_MAX_LATE = timedelta(hours=24)
MOST_DISPLACED = timedelta(hours=72)
LESS_OFTEN = "less_often"
_SEARCHED = timedelta(days=12)  # further than 72 hours on any wall clock, and than a week of other weekdays


@dataclass(frozen=True)
class Run:
    """One enrolment to plan. `done`: keys of the steps whose message is sent, in flight or final. `known_at`
    (UTC): when its appointment was booked or moved last, for `if_past`."""

    key: str
    steps: Sequence[Step]
    anchor: Anchor
    priority: int
    purpose: str
    facts: Mapping[str, object]
    done: frozenset[str] = frozenset()
    every_visit_only: bool = False
    known_at: datetime | None = None
    still_learning: bool = False


@dataclass(frozen=True)
class PlannedStep:
    """When a step goes out (UTC), how late it may be, or why it is skipped: condition, capped, past, or
    less_often, where it would have its place had the client not asked for fewer emails.

    For a skipped step `planned_for` is the instant that rule and window asked for."""

    run_key: str
    step_key: str
    planned_for: datetime
    max_late: timedelta
    skip: str | None = None


@dataclass(frozen=True)
class _Frame:
    zone: ZoneInfo
    window: Window
    caps: Caps
    logged_at: datetime | None


@dataclass(frozen=True)
class _Asked:
    """A step and the slot that rule and window ask for."""

    run: Run
    step: Step
    slot: Slot
    window: Window
    limited: bool


def plan_client(
    runs: Sequence[Run],
    taken: Sequence[Taken],
    *,
    zone: ZoneInfo,
    window: Window,
    caps: Caps,
    logged_at: datetime | None = None,
) -> tuple[PlannedStep, ...]:
    """Places all steps that are not done, returned in the order of `runs` and of their steps.

    The more urgent run picks first, and so displaces the others; equals take turns by instant. Caps move a
    step by at most 72 hours on the wall clock. `taken`: what was sent or is on the wire; 8 days back are
    enough. `logged_at` (UTC): when the session or booking was logged, for `if_past`.
    Raises InvalidInput where a step lies outside the years 1 to 9999."""
    frame = _Frame(zone, window, caps, logged_at)
    calendar = list(taken)
    placed: dict[tuple[str, str], PlannedStep] = {}
    for asked in _in_turn(runs, frame):
        planned = _place(asked, calendar, frame)
        placed[planned.run_key, planned.step_key] = planned
        if planned.skip is None:
            calendar.append(Taken(asked.run.key, planned.planned_for, counted=asked.limited))
    by_run = [[placed[run.key, step.key] for step in _open_steps(run)] for run in runs]
    return tuple(step for steps in by_run for step in _with_limits(steps))


def moment(run: Run, step: Step, *, zone: ZoneInfo, window: Window) -> datetime:
    """The instant (UTC) that rule and window ask for, before caps. Raises InvalidInput as `plan_client`."""
    return _ask(run, step, _Frame(zone, window, NO_CAPS, logged_at=None)).slot.instant


def _in_turn(runs: Sequence[Run], frame: _Frame) -> list[_Asked]:
    turns: list[tuple[int, datetime, int, _Asked]] = []
    for run in runs:
        latest = datetime.min.replace(tzinfo=UTC)
        for asked in sorted((_ask(run, step, frame) for step in _open_steps(run)), key=_wanted(frame)):
            # Steps of a run go out in the order of what their waits ask for, whatever their order in the
            # file, and even where a window brings a later one before an earlier one.
            latest = max(latest, asked.slot.instant)
            turns.append((run.priority, latest, len(turns), asked))
    return [turn[-1] for turn in sorted(turns, key=lambda turn: turn[:3])]


def _wanted(frame: _Frame) -> Callable[[_Asked], datetime]:
    return lambda asked: asked.step.wait.wanted(asked.run.anchor, frame.zone)


def _open_steps(run: Run) -> list[Step]:
    return [
        step
        for step in run.steps
        if step.key not in run.done and (step.every_visit or not run.every_visit_only)
    ]


def _ask(run: Run, step: Step, frame: _Frame) -> _Asked:
    account = run.purpose == "account"
    window = ALWAYS if account or step.window_any else frame.window
    return _Asked(
        run, step, step.wait.slot(run.anchor, frame.zone, window), window, not (account or step.uncapped)
    )


def _place(asked: _Asked, calendar: Sequence[Taken], frame: _Frame) -> PlannedStep:
    step, nominal = asked.step, asked.slot
    asks = until_learned(step.only_if) if asked.run.still_learning else step.only_if
    if not all_match(asks, asked.run.facts):
        return _skipped(asked, "condition")
    if _is_past(asked, frame) and step.if_past == "skip":
        return _skipped(asked, "past")
    slot = _from_now_on(asked, frame) if _is_past(asked, frame) and step.if_past == "send" else nominal
    weekday = _next(slot, asked, (), frame.zone, NO_CAPS)
    at = (
        _next(Slot(weekday, slot.wall), asked, calendar, frame.zone, frame.caps) if asked.limited else weekday
    )
    if _wall(at, frame) - _wall(weekday, frame) > MOST_DISPLACED:
        return _skipped(asked, _why_no_room(slot, weekday, asked, calendar, frame))
    if step.wait.amount < 0 and at >= asked.run.anchor.instant:
        return _skipped(asked, "past")
    return PlannedStep(asked.run.key, step.key, at, _limit(step))


def _why_no_room(
    slot: Slot, weekday: datetime, asked: _Asked, calendar: Sequence[Taken], frame: _Frame
) -> str:
    """`less_often` where nothing but the client's own wish for fewer emails leaves no place for this step."""
    if not frame.caps.apart:
        return "capped"
    at = _next(Slot(weekday, slot.wall), asked, calendar, frame.zone, frame.caps.without_pace)
    return LESS_OFTEN if _wall(at, frame) - _wall(weekday, frame) <= MOST_DISPLACED else "capped"


def _skipped(asked: _Asked, reason: str) -> PlannedStep:
    return PlannedStep(asked.run.key, asked.step.key, asked.slot.instant, _limit(asked.step), reason)


def _limit(step: Step) -> timedelta:
    return DEFAULT_MAX_LATE if step.max_late is None else step.max_late


def _is_past(asked: _Asked, frame: _Frame) -> bool:
    return asked.slot.instant < _known_at(asked, frame)


def _known_at(asked: _Asked, frame: _Frame) -> datetime:
    return asked.run.known_at or frame.logged_at or asked.slot.instant


def _from_now_on(asked: _Asked, frame: _Frame) -> Slot:
    at = asked.window.next_open(_known_at(asked, frame), frame.zone)
    return Slot(at, to_local(at, frame.zone).time())


def _next(slot: Slot, asked: _Asked, taken: Sequence[Taken], zone: ZoneInfo, caps: Caps) -> datetime:
    return next_allowed(
        slot.instant,
        taken,
        run_key=asked.run.key,
        zone=zone,
        caps=caps,
        only_on=asked.step.only_on,
        window=asked.window,
        wall_time=slot.wall,
        latest=shift(slot.instant, _SEARCHED) if taken else None,
    )


def _wall(instant: datetime, frame: _Frame) -> datetime:
    return to_local(instant, frame.zone).replace(tzinfo=None)


def _with_limits(steps: Sequence[PlannedStep]) -> Iterator[PlannedStep]:
    """`max_late` never exceeds half the gap to the next step that goes out (R7)."""
    kept = sorted(step.planned_for for step in steps if step.skip is None)
    for step in steps:
        following = bisect_right(kept, step.planned_for)
        if step.skip is None and following < len(kept):
            gap = kept[following] - step.planned_for
            yield replace(step, max_late=min(step.max_late, gap / 2))
        else:
            yield step
