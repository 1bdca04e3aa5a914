"""T-TIME-PROP: whatever the zone, session, steps and window (P9, P10)."""

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.domain.caps import PACES, Caps, Taken, caps_at
from aftercare.domain.localtime import Anchor, to_local, to_utc
from aftercare.domain.plan import PlannedStep, plan_client
from aftercare.domain.replan import Changes, Standing, difference
from aftercare.domain.simulate import simulate
from aftercare.domain.states import MessageState
from aftercare.domain.steps import SequenceSpec, Step
from aftercare.domain.waits import Wait
from aftercare.domain.windows import Window

from .examples import hours, run

# Northern, southern, half-hour change (Lord Howe), :45 offset, a skipped date (Apia 2011), none.
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC")
EXAMPLES = settings(max_examples=120)

zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
windows = (
    st.tuples(times, times).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: Window(ends[0], ends[1]))
)
# Years with odd changes, and most of all the nights of change themselves.
changes = st.sampled_from(
    [
        "2011-12-29",
        "2026-03-08",
        "2026-03-29",
        "2026-04-05",
        "2026-10-04",
        "2026-10-25",
        "2026-11-01",
        "2028-02-29",
    ]
)
instants = st.builds(
    lambda day, minutes: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes),
    changes,
    st.integers(-4 * 1440, 2 * 1440),
)
waits = st.one_of(
    st.builds(Wait, st.sampled_from(["hours"]), st.integers(0, 200), st.none(), st.none() | times),
    st.builds(
        Wait,
        st.sampled_from(["days", "working_days"]),
        st.integers(0, 12),
        st.none() | times,
        st.none() | times,
    ),
    st.builds(Wait, st.sampled_from(["weeks", "months"]), st.integers(0, 2), st.none() | times),
)
weekdays = st.just(frozenset(range(7))) | st.frozensets(st.integers(0, 6), min_size=1)


@st.composite
def step_lists(draw: st.DrawFn) -> list[Step]:
    options = st.lists(
        st.tuples(waits, weekdays, st.none() | st.integers(0, 96).map(hours)), min_size=1, max_size=6
    )
    return [
        Step(f"s{number}", wait, only_on=only_on, max_late=max_late)
        for number, (wait, only_on, max_late) in enumerate(draw(options))
    ]


def planned(steps: list[Step], instant: datetime, zone: ZoneInfo, window: Window) -> tuple[PlannedStep, ...]:
    return plan_client([run(steps, Anchor.at(instant, zone))], (), zone=zone, window=window, caps=Caps())


@EXAMPLES
@given(step_lists(), instants, zones, windows)
def test_a_plan_keeps_window_order_gap_and_caps(
    steps: list[Step], instant: datetime, zone: ZoneInfo, window: Window
) -> None:
    asked = {step.key: step.wait.wanted(Anchor.at(instant, zone), zone) for step in steps}
    kept = [step for step in planned(steps, instant, zone, window) if step.skip is None]
    kept.sort(key=lambda step: asked[step.step_key])
    at = [step.planned_for for step in kept]
    assert all(window.is_open(one, zone) for one in at)
    assert all(later - earlier >= hours(12) for earlier, later in itertools.pairwise(at))
    dates = [to_local(one, zone).date() for one in at]
    assert len(set(dates)) == len(dates)
    assert all(sum(0 <= (other - day).days < 7 for other in dates) <= 4 for day in dates)
    only_on = {step.key: step.only_on for step in steps}
    assert all(day.weekday() in only_on[step.step_key] for step, day in zip(kept, dates, strict=True))


@EXAMPLES
@given(step_lists(), step_lists(), instants, zones, windows, st.sampled_from(sorted(PACES)))
def test_a_client_who_asked_for_fewer_emails_has_one_at_most_in_any_so_many_days(
    steps: list[Step], others: list[Step], instant: datetime, zone: ZoneInfo, window: Window, pace: str
) -> None:
    runs = [run(steps, Anchor.at(instant, zone)), run(others, Anchor.at(instant, zone), key="other")]
    slow, usual = (
        plan_client(runs, (), zone=zone, window=window, caps=caps_at(wish)) for wish in (pace, None)
    )
    dates = sorted(to_local(step.planned_for, zone).date() for step in slow if step.skip is None)
    assert all((later - earlier).days >= PACES[pace] for earlier, later in itertools.pairwise(dates))
    assert {step.skip for step in slow} <= {None, "capped", "less_often"}
    assert len(dates) <= sum(step.skip is None for step in usual)
    assert bool(dates) is any(step.skip is None for step in usual)


@EXAMPLES
@given(waits, instants, zones, windows)
def test_nothing_is_due_before_the_wall_time_that_was_asked_for(
    wait: Wait, instant: datetime, zone: ZoneInfo, window: Window
) -> None:
    anchor = Anchor.at(instant, zone)
    due = wait.due(anchor, zone, window)
    assert window.is_open(due, zone)
    if wait.unit == "hours":
        assert due >= instant + timedelta(hours=wait.amount)
    elif wait.unit == "days":
        day = anchor.local.date() + timedelta(days=wait.amount)
        asked = datetime.combine(day, wait.at or anchor.local.time())
        assert due >= to_utc(asked, zone)
        assert to_local(due, zone).replace(tzinfo=None) >= asked


@EXAMPLES
@given(instants, zones)
def test_local_to_utc_and_back_is_the_same_except_in_gaps(instant: datetime, zone: ZoneInfo) -> None:
    wall = to_local(instant, zone).replace(tzinfo=None, fold=0)
    assert to_local(to_utc(wall, zone), zone).replace(tzinfo=None, fold=0) == wall
    day_before = wall - timedelta(days=1)
    there_and_back = to_local(to_utc(day_before, zone), zone).replace(tzinfo=None, fold=0)
    assert there_and_back >= day_before  # in a gap: later on the wall


@EXAMPLES
@given(windows, instants, zones)
def test_the_next_opening_moves_later_only_and_is_open(
    window: Window, instant: datetime, zone: ZoneInfo
) -> None:
    opens = window.next_open(instant, zone)
    assert opens >= instant
    assert window.is_open(opens, zone)
    assert window.next_open(opens, zone) == opens
    assert (opens == instant) is window.is_open(instant, zone)


@EXAMPLES
@given(step_lists(), instants, zones, zones, windows, st.lists(st.sampled_from(MessageState), max_size=6))
def test_replanning_twice_changes_nothing_more(
    steps: list[Step],
    instant: datetime,
    zone: ZoneInfo,
    new_zone: ZoneInfo,
    window: Window,
    states: list[MessageState],
) -> None:
    old = planned(steps, instant, zone, window)
    rows = [
        Standing(str(number), "run", step.step_key, step.planned_for, state, step.max_late)
        for number, (step, state) in enumerate(zip(old, states, strict=False))
    ]
    wanted = plan_client(
        [run(steps[1:], Anchor.at(instant, zone))], (), zone=new_zone, window=window, caps=Caps()
    )
    assert difference(_applied(rows, difference(rows, wanted)), wanted) == Changes()


def _applied(rows: list[Standing], changes: Changes) -> list[Standing]:
    by_id = {row.message_id: row for row in rows}
    for move in changes.move:
        row = by_id[move.message_id]
        by_id[move.message_id] = Standing(
            row.message_id, row.run_key, row.step_key, move.planned_for, row.state, move.max_late
        )
    ended = [(one, MessageState.CANCELLED) for one in changes.cancel]
    ended += [(one.message_id, MessageState.SKIPPED) for one in changes.skip]
    for message_id, state in ended:
        row = by_id[message_id]
        by_id[message_id] = Standing(
            row.message_id, "run", row.step_key, row.planned_for, state, row.max_late
        )
    new = [
        Standing(
            f"new {step.step_key}",
            "run",
            step.step_key,
            step.planned_for,
            MessageState.SKIPPED if step.skip else MessageState.PLANNED,
            step.max_late,
        )
        for step in changes.insert
    ]
    return [*by_id.values(), *new]


offsets = st.integers(0, 20 * 24).map(hours)


@EXAMPLES
@given(
    step_lists(),
    instants,
    zones,
    windows,
    st.lists(st.tuples(offsets, offsets), max_size=3),
    st.lists(st.tuples(offsets, zones), max_size=2),
    st.sampled_from([None, *PACES]),
)
def test_nothing_is_ever_sent_at_night_early_twice_too_late_or_in_a_burst(
    steps: list[Step],
    instant: datetime,
    zone: ZoneInfo,
    window: Window,
    downs: list[tuple[timedelta, timedelta]],
    moves: list[tuple[timedelta, ZoneInfo]],
    pace: str | None,
) -> None:
    outages = [(instant + start, instant + start + length) for start, length in downs]
    result = simulate(
        SequenceSpec(tuple(steps)),
        Anchor.at(instant, zone),
        window=window,
        caps=caps_at(pace),
        downs=outages,
        moves=[(instant + after, there) for after, there in moves],
    )
    assert [step.key for step in result] == [step.key for step in steps]
    sent = sorted((step.sent_at, step) for step in result if step.sent_at is not None)
    for at, step in sent:
        wall = step.local.time()
        assert window.start <= wall < window.end or (
            window.start > window.end and (wall >= window.start or wall < window.end)
        )
        assert at >= step.due_at
        assert not any(start <= at < end for start, end in outages)
        limit = {one.key: one.max_late for one in steps}[step.key]
        assert step.late_by <= (hours(24) if limit is None else limit)
    late = [at for at, step in sent if step.late_by > timedelta(minutes=15)]
    assert all(later - earlier >= hours(24) for earlier, later in itertools.pairwise(late))
    assert all(later[0] - earlier[0] >= hours(12) for earlier, later in itertools.pairwise(sent))
    dates = [step.local.date() for _, step in sent]
    apart = PACES[pace] if pace and not moves else 0
    assert all((later - earlier).days >= apart for earlier, later in itertools.pairwise(dates))


@EXAMPLES
@given(step_lists(), step_lists(), instants, zones, windows)
def test_two_runs_share_one_calendar_and_the_urgent_one_is_never_displaced(
    tender: list[Step], visit: list[Step], instant: datetime, zone: ZoneInfo, window: Window
) -> None:
    anchor = Anchor.at(instant, zone)
    urgent, other = run(tender, anchor, key="t", priority="tender"), run(visit, anchor, key="v")
    taken = [Taken("earlier", instant)]
    both = plan_client([other, urgent], taken, zone=zone, window=window, caps=Caps())
    alone = plan_client([urgent], taken, zone=zone, window=window, caps=Caps())
    assert both[len(visit) :] == alone
    dates = [to_local(step.planned_for, zone).date() for step in both if step.skip is None]
    assert len(set(dates)) == len(dates)
