"""Moving a run to other steps: whatever changes, nothing comes twice and nothing is caught up with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.caps import Caps, Taken
from aftercare.domain.localtime import Anchor, to_local
from aftercare.domain.moving import MOVED_PAST, Before, plan_moved
from aftercare.domain.plan import PlannedStep, Run, moment, plan_client
from aftercare.domain.steps import Step
from aftercare.domain.windows import Window

ZONE = ZoneInfo("Europe/London")
WINDOW = Window.parse("08:00-20:00")
VISIT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
KEYS = ("a", "b", "c", "d", "e")
HOURS = ("09:00", "12:30", "18:00")


def run(steps: Sequence[Step], done: Sequence[str] = ()) -> Run:
    """Maya's run."""
    anchor = Anchor.at(VISIT, ZONE)
    return Run("run", steps, anchor, priority=3, purpose="care", facts={}, done=frozenset(done))


def step(key: str, days: int, at: str = "10:00") -> Step:
    """A step that goes out so many days after the visit."""
    return Step.parse({"key": key, "wait": {"days": days, "at": at}})


def plan(runs: Sequence[Run], taken: Sequence[Taken]) -> tuple[PlannedStep, ...]:
    """The ordinary plan."""
    return plan_client(runs, taken, zone=ZONE, window=WINDOW, caps=Caps())


def moved(
    old: Sequence[Step], new: Sequence[Step], now: datetime, overdue: Sequence[str] = ()
) -> tuple[tuple[PlannedStep, ...], list[Taken], list[str]]:
    """The plan of a run that went its way on `old` until `now`, what was sent, and which steps are done."""
    planned = plan([run(old)], ())
    gone = [one for one in planned if one.planned_for <= now and one.step_key not in overdue]
    taken = [Taken("run", one.planned_for) for one in gone if one.skip is None]
    done = [one.step_key for one in gone]
    still = run(old, done)
    before = Before(
        {one.key: moment(still, one, zone=ZONE, window=WINDOW) for one in old if one.key not in done},
        frozenset(overdue),
    )
    after = plan_moved(
        [run(new, done)], taken, {"run": before}, zone=ZONE, window=WINDOW, caps=Caps(), now=now
    )
    return after, taken, done


steps = st.lists(
    st.builds(step, st.sampled_from(KEYS), st.integers(0, 12), st.sampled_from(HOURS)),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.key,
)


@given(steps, steps, st.integers(0, 14 * 24), st.sets(st.sampled_from(KEYS), max_size=2))
def test_nothing_comes_twice_and_nothing_is_caught_up_with(
    old: list[Step], new: list[Step], hours: int, late: set[str]
) -> None:
    now = VISIT + timedelta(hours=hours, minutes=30)
    old_plan = {one.step_key: one.planned_for for one in plan([run(old)], ())}
    overdue = [key for key in late if key in old_plan and old_plan[key] <= now]
    after, taken, done = moved(old, new, now, overdue)
    coming = [one for one in after if one.skip is None]
    assert not {one.step_key for one in after} & set(done), "what she had is planned again"
    assert {one.step_key for one in after} == {one.key for one in new} - set(done), "a step is forgotten"
    unchanged = {one.key for one in new if one in old}
    for one in coming:
        in_time = one.step_key in overdue and now - one.planned_for <= one.max_late
        assert one.planned_for >= now or in_time or one.step_key in unchanged
    dates = [
        to_local(at, ZONE).date() for at in (*(one.at for one in taken), *(c.planned_for for c in coming))
    ]
    assert len(dates) == len(set(dates)), "two on one day"
    left_out = [one.step_key for one in after if one.skip == MOVED_PAST]
    again = plan([run(new, [*done, *left_out])], taken)
    assert set(again) == {one for one in after if one.skip != MOVED_PAST}, "planning again moves something"


NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
"""Wednesday evening, when a and b are out."""
OLD = [step("a", 1), step("b", 2), step("c", 4), step("d", 6)]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, {"c": "Fri 27", "d": "Sun 29"}),
        ([step("a", 5), step("b", 6), step("c", 4)], {"c": "Fri 27"}),
        ([step("c", 1), step("d", 2)], {"c": MOVED_PAST, "d": MOVED_PAST}),
        ([step("c", 2, "19:59"), step("d", 3)], {"c": MOVED_PAST, "d": "Thu 26"}),
        (
            [step("x", 0), step("y", 3), step("z", 3, "12:00")],
            {"x": MOVED_PAST, "y": "Thu 26", "z": "Fri 27"},
        ),
        ([replace(step("c", 1), only_if=()), step("d", 6)], {"c": MOVED_PAST, "d": "Sun 29"}),
    ],
)
def test_what_is_left_of_a_run(new: list[Step], expected: dict[str, str]) -> None:
    after, _, _ = moved(OLD, new, NOW)
    assert {one.step_key: one.skip or f"{one.planned_for:%a %d}" for one in after} == expected


def test_a_step_that_a_cap_holds_back_is_not_lost_by_a_move_that_leaves_it_alone() -> None:
    """Its moment was on Tuesday already; the day was full."""
    old = [step("a", 1, "18:00"), step("b", 1, "18:30"), step("c", 9)]
    now = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    after, _, _ = moved(old, [*old[:2], step("c", 8)], now)
    assert {one.step_key: one.skip for one in after} == {"b": None, "c": None}


def test_an_overdue_step_still_comes_in_time_and_not_when_it_is_late() -> None:
    new = [step("a", 1), step("b", 2, "11:00"), step("c", 9)]
    due = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    for hours, skip in ((1, None), (23, None), (25, MOVED_PAST)):
        after, _, _ = moved(OLD, new, due + timedelta(hours=hours), overdue=["b"])
        assert {one.step_key: one.skip for one in after}["b"] == skip
