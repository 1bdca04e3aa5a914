"""What would happen to each step of a sequence: the real planner and the real policy, on pretended time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.caps import Caps, Taken
from aftercare.domain.fates import Around, facts_of
from aftercare.domain.localtime import Anchor, to_local
from aftercare.domain.plan import PlannedStep, Run, plan_client
from aftercare.domain.policy import ON_TIME, Hold, Send, Skip, Wait, decide
from aftercare.domain.steps import SequenceSpec
from aftercare.domain.windows import Window

_RUN = "simulated"


@dataclass(frozen=True)
class SimulatedStep:
    """How a step ended. `due_at` (the planned instant) and `sent_at` are UTC; `local` is `sent_at`, or
    `due_at` where skipped, on the client's wall clock of that moment; `late_by` is the lateness when it was
    sent or given up; `reason` says why it was skipped."""

    key: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    local: datetime
    late_by: timedelta
    reason: str | None


@dataclass
class _Waiting:
    planned: PlannedStep
    look_at: datetime


@dataclass
class _Course:
    """The pretended database: what waits, what ended, and where the client lives at `now` (UTC)."""

    spec: SequenceSpec
    anchor: Anchor
    window: Window
    caps: Caps
    facts: Mapping[str, object]
    zone: ZoneInfo
    logged_at: datetime | None
    now: datetime | None
    waiting: dict[str, _Waiting] = field(default_factory=dict)
    ended: dict[str, SimulatedStep] = field(default_factory=dict)
    sent: list[Taken] = field(default_factory=list)
    last_catch_up: datetime | None = None


def simulate(
    spec: SequenceSpec,
    anchor: Anchor,
    *,
    window: Window,
    caps: Caps,
    downs: Sequence[tuple[datetime, datetime]] = (),
    moves: Sequence[tuple[datetime, ZoneInfo]] = (),
    facts: Mapping[str, object] | None = None,
) -> list[SimulatedStep]:
    """Each step's fate, in file order, if workers sweep all the time except from `downs` start to end (UTC,
    end excluded), and if the client moves zone at each of `moves` (UTC).

    The session is logged at the anchor; an appointment was booked long before its own.
    Raises InvalidInput where a step lies outside the years 1 to 9999."""
    logged_at = None if spec.trigger.on == "appointment.booked" else anchor.instant
    course = _Course(spec, anchor, window, caps, facts or {}, anchor.zone, logged_at, now=logged_at)
    _plan(course)
    ahead = sorted(moves, key=lambda move: move[0])
    while course.waiting:
        at, waiting = _next_look(course, downs)
        if ahead and ahead[0][0] <= at:
            moved_at, course.zone = ahead.pop(0)
            # A move from before the session must not wind the clock back: nothing goes out before the anchor.
            course.now = max(moved_at, course.now or moved_at)
            _plan(course)
        else:
            course.now = at
            _handle(course, waiting, at)
    return [course.ended[step.key] for step in spec.steps]


def _plan(course: _Course) -> None:
    run = Run(
        key=_RUN,
        steps=course.spec.steps,
        anchor=course.anchor,
        priority=course.spec.priority_rank,
        purpose=course.spec.purpose,
        facts=course.facts,
        done=frozenset(course.ended),
    )
    planned = plan_client(
        [run],
        course.sent,
        zone=course.zone,
        window=course.window,
        caps=course.caps,
        logged_at=course.logged_at,
    )
    course.waiting = {
        step.step_key: _Waiting(step, step.planned_for) for step in planned if step.skip is None
    }
    for step in planned:
        if step.skip is not None:
            _end(course, step, step.skip, late_by=timedelta(0))


def _next_look(course: _Course, downs: Sequence[tuple[datetime, datetime]]) -> tuple[datetime, _Waiting]:
    """The next instant at which a worker sees a due step, and that step: the oldest planned one of them."""
    looks = [
        (_up_again(max(waiting.look_at, course.now or waiting.look_at), downs), waiting)
        for waiting in course.waiting.values()
    ]
    return min(looks, key=lambda look: (look[0], look[1].planned.planned_for))


def _up_again(at: datetime, downs: Sequence[tuple[datetime, datetime]]) -> datetime:
    for start, end in sorted(downs):
        if start <= at < end:
            at = end
    return at


def _handle(course: _Course, waiting: _Waiting, now: datetime) -> None:
    planned = waiting.planned
    step = next(step for step in course.spec.steps if step.key == planned.step_key)
    late_by = now - planned.planned_for
    around = Around(course.zone, course.window, course.caps, course.sent, course.last_catch_up)
    match decide(facts_of(planned, step, course.spec.purpose, around), now):
        case Send():
            account = course.spec.purpose == "account"
            course.sent.append(Taken(_RUN, now, counted=not (account or step.uncapped)))
            course.last_catch_up = now if late_by > ON_TIME else course.last_catch_up
            _end(course, planned, None, late_by, sent_at=now)
        case Wait(until):
            waiting.look_at = until
        case Skip(reason) | Hold(reason):
            _end(course, planned, reason, late_by)


def _end(
    course: _Course,
    planned: PlannedStep,
    reason: str | None,
    late_by: timedelta,
    sent_at: datetime | None = None,
) -> None:
    course.waiting.pop(planned.step_key, None)
    course.ended[planned.step_key] = SimulatedStep(
        planned.step_key,
        "skipped" if sent_at is None else "sent",
        planned.planned_for,
        sent_at,
        to_local(sent_at or planned.planned_for, course.zone),
        late_by,
        reason,
    )
