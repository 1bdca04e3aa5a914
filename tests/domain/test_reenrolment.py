"""What a new run does to the others (content section 3: Supersede, Regulars)."""

from datetime import timedelta

import pytest

from aftercare.domain.caps import PRIORITY
from aftercare.domain.reenrolment import ActiveRun, Decision, NewRun, decide

from .examples import utc

NOW = utc("2026-05-15T14:00")
KIND = {
    "after-your-visit": "visit",
    "another-visit": "visit",
    "after-a-tender-visit": "tender",
    "before-your-visit": "appointment",
    "staying-in-touch": "touch",
    "extra-support": "support",
}


def new(sequence: str, reenrolment: str = "restart", *, every_visit: bool = True) -> NewRun:
    sixty = timedelta(days=60)
    return NewRun(sequence, PRIORITY[KIND[sequence]], reenrolment, NOW, sixty, every_visit)


def active(*sequences: str) -> list[ActiveRun]:
    return [
        ActiveRun(
            sequence,
            sequence,
            PRIORITY[KIND[sequence]],
            "account" if sequence == "extra-support" else "care",
            NOW - timedelta(days=7),
        )
        for sequence in sequences
    ]


@pytest.mark.parametrize(
    ("sequence", "reenrolment", "going_on", "decision"),
    [
        ("after-your-visit", "restart", [], Decision(True, "new")),
        (
            "after-your-visit",
            "restart",
            ["after-your-visit"],
            Decision(True, "restarted", ("after-your-visit",)),
        ),
        ("after-your-visit", "parallel", ["after-your-visit"], Decision(True, "parallel")),
        ("after-your-visit", "keep", ["after-your-visit"], Decision(False, "already_running")),
        ("after-your-visit", "restart", ["staying-in-touch"], Decision(True, "new", ("staying-in-touch",))),
        ("after-your-visit", "restart", ["another-visit"], Decision(True, "new", ("another-visit",))),
        ("after-your-visit", "restart", ["before-your-visit", "extra-support"], Decision(True, "new")),
        ("after-your-visit", "restart", ["after-a-tender-visit"], Decision(False, "tender_run_active")),
        ("staying-in-touch", "restart", ["after-a-tender-visit"], Decision(False, "tender_run_active")),
        ("before-your-visit", "restart", ["after-a-tender-visit"], Decision(True, "new")),
        ("after-a-tender-visit", "keep", ["after-a-tender-visit"], Decision(False, "already_running")),
        (
            "after-a-tender-visit",
            "keep",
            ["after-your-visit", "staying-in-touch", "before-your-visit", "extra-support"],
            Decision(True, "new", ("after-your-visit", "staying-in-touch", "before-your-visit")),
        ),
    ],
)
def test_a_new_run_beside_those_going_on(
    sequence: str, reenrolment: str, going_on: list[str], decision: Decision
) -> None:
    assert decide(new(sequence, reenrolment), active(*going_on), None) == decision


def test_two_sequences_that_follow_the_same_visit_stand_beside_each_other() -> None:
    twin = ActiveRun("twin", "another-visit", PRIORITY["visit"], "care", NOW)
    assert decide(new("after-your-visit"), [twin], None) == Decision(True, "new")


def test_six_weekly_visits_bring_the_whole_run_once() -> None:
    decisions = [
        decide(
            new("after-your-visit"), active("after-your-visit"), NOW - timedelta(weeks=week) if week else None
        )
        for week in range(6)
    ]
    assert [decision.every_visit_only for decision in decisions] == [False, True, True, True, True, True]
    assert all(decision.start and decision.ends == ("after-your-visit",) for decision in decisions)


@pytest.mark.parametrize(("days", "whole"), [(59, False), (60, True)])
def test_after_repeat_after_the_whole_run_comes_again(days: int, whole: bool) -> None:
    decision = decide(new("after-your-visit"), [], NOW - timedelta(days=days))
    assert decision.every_visit_only is not whole


def test_where_no_step_is_for_every_visit_nothing_starts() -> None:
    decision = decide(new("after-your-visit", every_visit=False), [], NOW - timedelta(days=7))
    assert decision == Decision(False, "nothing_new")


def test_a_visit_that_is_logged_after_a_later_one_ends_nothing_of_it() -> None:
    later = ActiveRun("run", "after-your-visit", PRIORITY["visit"], "care", NOW + timedelta(days=3))
    decision = decide(new("after-your-visit"), [later], NOW + timedelta(days=3))
    assert decision == Decision(False, "newer_run_active")
