"""The plan of one client: order, gap, caps, priorities, late bookings and lateness."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from aftercare.domain.caps import NO_CAPS, Caps, Taken
from aftercare.domain.localtime import Anchor
from aftercare.domain.plan import PlannedStep, Run, plan_client
from aftercare.domain.windows import Window

from .examples import LONDON, NEW_YORK, ORDINARY, TENDER, anchor, hours, local_days, run, steps, utc

DAYTIME = Window.parse("08:00-20:00")
ENDED = anchor("2026-05-01T14:00")
LATE = anchor("2026-05-01T18:30")
DEFAULT = Caps()


def plan(
    *runs: Run, taken: Sequence[Taken] = (), caps: Caps = DEFAULT, logged_at: datetime | None = None
) -> list[PlannedStep]:
    return list(plan_client(runs, taken, zone=LONDON, window=DAYTIME, caps=caps, logged_at=logged_at))


def kept(planned: Sequence[PlannedStep], key: str = "run") -> list[datetime]:
    return [step.planned_for for step in planned if step.run_key == key and step.skip is None]


@pytest.mark.parametrize(
    ("waits", "ended", "days"),
    [
        (ORDINARY, ENDED, [0, 1, 3, 6, 10]),
        (TENDER, ENDED, [0, 1, 2, 4, 7, 14]),
        (TENDER, LATE, [1, 2, 3, 4, 8, 14]),  # content section 3
        (ORDINARY, LATE, [1, 2, 3, 6, 10]),
    ],
)
def test_the_default_sequences_fit_the_caps(
    waits: tuple[dict[str, object], ...], ended: Anchor, days: list[int]
) -> None:
    assert local_days(kept(plan(run(steps(*waits), ended))), ended) == days


def test_the_more_urgent_run_displaces_the_other() -> None:
    visit = run(steps({"days": 1, "at": "10:00"}, {"days": 3, "at": "10:00"}), ENDED, key="visit")
    tender = run(steps({"days": 1, "at": "18:00"}), ENDED, key="tender", priority="tender")
    alone, beside = plan(visit), plan(visit, tender)
    assert local_days(kept(alone, "visit"), ENDED) == [1, 3]
    assert local_days(kept(beside, "visit"), ENDED) == [2, 3]
    assert local_days(kept(beside, "tender"), ENDED) == [1]


def test_runs_of_the_same_priority_take_turns_by_instant() -> None:
    first = run(steps({"days": 2, "at": "10:00"}), ENDED, key="first")
    second = run(steps({"days": 1, "at": "10:00"}, {"days": 2, "at": "09:00"}), ENDED, key="second")
    planned = plan(first, second)
    assert local_days(kept(planned, "second"), ENDED) == [1, 2]
    assert local_days(kept(planned, "first"), ENDED) == [3]


def test_what_was_sent_takes_its_place() -> None:
    sent = Taken("earlier", utc("2026-05-02T09:00"))
    assert local_days(kept(plan(run(steps({"days": 1, "at": "18:00"}), ENDED), taken=[sent])), ENDED) == [2]


@pytest.mark.parametrize(("full_days", "outcome"), [(3, None), (4, "capped")])
def test_caps_move_a_step_by_three_days_at_most(full_days: int, outcome: str | None) -> None:
    caps = Caps(per_week=100)
    sent = [Taken("other", utc(f"2026-10-{24 + day}T12:00")) for day in range(full_days)]
    # The clocks go back on the way: three days on the wall are 73 hours.
    (step,) = plan(run(steps({"days": 1, "at": "10:00"}), anchor("2026-10-23T14:00")), taken=sent, caps=caps)
    assert step.skip == outcome
    assert step.planned_for == utc("2026-10-27T10:00" if outcome is None else "2026-10-24T09:00")


def test_a_step_never_overtakes_the_one_before_it() -> None:
    waits = ({"hours": 3, "else_at": "09:30"}, {"days": 1, "at": "09:00"})
    first, second = kept(plan(run(steps(*waits), LATE)))
    assert (first, second) == (utc("2026-05-02T08:30"), utc("2026-05-03T08:00"))


def test_steps_keep_their_gap() -> None:
    caps = Caps(per_day=5, per_week=50)
    waits = ({"days": 1, "at": "18:00"}, {"days": 2, "at": "05:00"}, {"days": 2, "at": "19:00"})
    planned = kept(plan(run(steps(*waits), ENDED), caps=caps))
    assert planned == [utc("2026-05-02T17:00"), utc("2026-05-03T07:00"), utc("2026-05-03T18:00") + hours(24)]


def test_without_caps_each_step_stands_where_its_wait_says() -> None:
    waits = ({"days": 3}, {"days": 1}, {"days": 1})
    assert local_days(kept(plan(run(steps(*waits), ENDED), caps=NO_CAPS)), ENDED) == [3, 1, 1]


def test_uncapped_steps_and_purpose_account_neither_wait_nor_count() -> None:
    appointment = run(steps({"days": 1}, uncapped=True), ENDED, key="appointment", priority="appointment")
    support = run(
        steps({"days": 1, "at": "03:00"}), ENDED, key="support", priority="support", purpose="account"
    )
    visit = run(steps({"days": 1, "at": "10:00"}), ENDED)
    planned = plan(visit, appointment, support)
    assert local_days([step.planned_for for step in planned], ENDED) == [1, 1, 1]
    assert planned[2].planned_for == utc("2026-05-02T02:00")  # no window either


def test_window_any_goes_out_at_night() -> None:
    (step,) = plan(run(steps({"days": 1, "at": "03:00"}, window="any"), ENDED))
    assert step.planned_for == utc("2026-05-02T02:00")


def test_only_on_moves_a_step_to_a_permitted_weekday_without_counting_as_displaced() -> None:
    (step,) = plan(run(steps({"days": 1, "at": "10:00"}, only_on=["fri"]), ENDED))  # the 2nd is a Saturday
    assert (step.planned_for, step.skip) == (utc("2026-05-08T09:00"), None)


def test_a_condition_that_fails_skips_its_step_and_frees_its_day() -> None:
    guarded = steps({"days": 1, "at": "09:00"}, only_if=[{"fact": "first_session", "is": True}])
    always = run(steps({"days": 1, "at": "10:00"}), ENDED, key="always")
    planned = plan(run(guarded, ENDED, facts={"first_session": False}), always)
    assert [step.skip for step in planned] == ["condition", None]
    assert local_days(kept(planned, "always"), ENDED) == [1]


def test_done_steps_are_left_out_and_regulars_get_only_every_visit_steps() -> None:
    waits = ({"days": 1}, {"days": 3}, {"days": 5})
    assert [step.step_key for step in plan(run(steps(*waits), ENDED, done=frozenset({"s1"})))] == ["s2", "s3"]
    mixed = steps({"days": 1}, every_visit=True)[0], *steps(*waits)[1:]
    assert [step.step_key for step in plan(run(mixed, ENDED, every_visit_only=True))] == ["s1"]


@pytest.mark.parametrize(
    ("if_past", "skip", "planned_for"),
    [
        ("send", None, "2026-05-09T09:15"),
        ("skip", "past", "2026-05-07T09:00"),
        (None, None, "2026-05-07T09:00"),  # left to max_late at sending time
    ],
)
def test_a_late_booking(if_past: str | None, skip: str | None, planned_for: str) -> None:
    options: dict[str, Any] = {"if_past": if_past} if if_past else {}
    before = steps({"days": -3, "at": "10:00"}, before=True, **options)
    (step,) = plan(run(before, anchor("2026-05-10T15:00")), logged_at=utc("2026-05-09T09:15"))
    assert (step.skip, step.planned_for) == (skip, utc(planned_for))


@pytest.mark.parametrize(
    ("booked", "planned_for", "skip"),
    [("2026-05-09T21:00", "2026-05-10T07:00", None), ("2026-05-10T14:30", "2026-05-07T09:00", "past")],
)
def test_nothing_is_planned_after_the_appointment_began(
    booked: str, planned_for: str, skip: str | None
) -> None:
    before = steps({"days": -3, "at": "10:00"}, before=True, if_past="send")
    (step,) = plan(run(before, anchor("2026-05-10T15:00")), logged_at=utc(booked))
    assert (step.skip, step.planned_for) == (skip, utc(planned_for))


@pytest.mark.parametrize(
    ("max_late", "limits"),
    [(None, [12, 24, 24]), ("2w", [12, 24, 336]), ("6h", [6, 6, 6]), ("0h", [0, 0, 0])],
)
def test_lateness_never_exceeds_half_the_gap_to_the_next_step(
    max_late: str | None, limits: list[int]
) -> None:
    options: dict[str, Any] = {"max_late": max_late} if max_late else {}
    planned = plan(run(steps({"days": 1}, {"days": 2}, {"days": 4}, **options), ENDED))
    assert [step.max_late for step in planned] == [hours(limit) for limit in limits]


def test_a_skipped_step_does_not_shorten_the_lateness_of_the_one_before() -> None:
    never = steps({"days": 1}, {"days": 2}, only_if=[{"fact": "no", "is": True}])[1]
    planned = plan(run((steps({"days": 1})[0], never), ENDED))
    assert planned[0].max_late == hours(24)


def test_a_client_who_moved_is_planned_on_the_new_wall_clock() -> None:
    planned = plan_client(
        [run(steps({"days": 2, "at": "09:00"}), ENDED)], (), zone=NEW_YORK, window=DAYTIME, caps=Caps()
    )
    assert planned[0].planned_for == utc("2026-05-03T13:00")


def test_steps_go_out_in_the_order_of_their_waits_whatever_their_order_in_the_file() -> None:
    planned = plan(run(steps({"years": 1}, {"months": 1}, {"weeks": 1}), ENDED))
    assert [step.skip for step in planned] == [None, None, None]
    assert planned[0].planned_for > planned[1].planned_for > planned[2].planned_for
