"""The worked examples of time (E1 to E22) and more of their kind, through the simulation."""

import pytest

from aftercare.domain.caps import NO_CAPS, Caps
from aftercare.domain.localtime import Anchor, parse_instant, parse_zone
from aftercare.domain.simulate import SimulatedStep, simulate
from aftercare.domain.steps import SequenceSpec
from aftercare.domain.windows import Window

from .examples import KATHMANDU, LONDON, NEW_YORK, TENDER, anchor, hours, local_days, sequence, utc

DAILY = sequence(*({"days": day, "at": "09:00"} for day in (1, 2, 3, 4)))
ENDED = anchor("2026-05-01T14:00")


def simulated(
    spec: SequenceSpec,
    ended: Anchor = ENDED,
    *,
    window: str = "08:00-20:00",
    caps: Caps | None = None,
    downs: tuple[tuple[str, str], ...] = (),
    moves: tuple[tuple[str, str], ...] = (),
    facts: dict[str, object] | None = None,
) -> list[SimulatedStep]:
    return simulate(
        spec,
        ended,
        window=Window.parse(window),
        caps=caps or Caps(),
        downs=[(parse_instant(start, ended.zone), parse_instant(end, ended.zone)) for start, end in downs],
        moves=[(parse_instant(at, ended.zone), parse_zone(zone)) for at, zone in moves],
        facts=facts,
    )


@pytest.mark.parametrize(
    ("example", "zone", "ended", "window", "wait", "sent"),
    [
        ("E1", "Europe/London", "2026-03-28T18:00", "", {"days": 1, "at": "09:00"}, "2026-03-29T08:00"),
        ("E3", "Europe/London", "2026-10-24T18:00", "any", {"days": 1, "at": "01:30"}, "2026-10-25T00:30"),
        ("E5", "America/New_York", "2026-10-31T18:00", "", {"days": 1, "at": "01:30"}, "2026-11-01T13:00"),
        ("E6", "Europe/London", "2026-03-28T18:00", "any", {"hours": 24}, "2026-03-29T18:00"),
        ("E13", "UTC", "2026-05-01T19:00", "18:00-02:00", {"days": 1, "at": "03:00"}, "2026-05-02T18:00"),
        ("E13", "UTC", "2026-05-01T19:00", "18:00-02:00", {"days": 1, "at": "01:00"}, "2026-05-02T01:00"),
        ("E13", "UTC", "2026-05-01T19:00", "18:00-02:00", {"days": 1, "at": "02:00"}, "2026-05-02T18:00"),
        ("E22", "UTC", "2028-02-29T12:00", "", {"years": 1}, "2029-02-28T12:00"),
        ("E22", "UTC", "2027-01-31T12:00", "", {"months": 1}, "2027-02-28T12:00"),
        ("E22", "UTC", "2027-01-31T12:00", "", {"days": 30}, "2027-03-02T12:00"),
        ("2037+", "Europe/London", "2060-06-30T18:00", "", {"days": 1, "at": "09:00"}, "2060-07-01T08:00"),
        (
            "45 minutes",
            "Asia/Kathmandu",
            "2026-05-01T18:00",
            "",
            {"days": 1, "at": "09:00"},
            "2026-05-02T03:15",
        ),
    ],
)
def test_one_step(
    example: str, zone: str, ended: str, window: str, wait: dict[str, object], sent: str
) -> None:
    always = {"any": "00:00-24:00", "": "08:00-20:00"}.get(window, window)
    (step,) = simulated(sequence(wait), anchor(ended, parse_zone(zone)), window=always)
    assert (step.state, step.sent_at, step.due_at) == ("sent", utc(sent), utc(sent)), example
    assert (step.late_by, step.reason) == (hours(0), None)


def test_e18_after_three_days_without_workers_only_what_is_still_fresh_goes_out() -> None:
    first, second, third, fourth = simulated(DAILY, downs=(("2026-05-02T08:00", "2026-05-04T15:00"),))
    assert [(step.state, step.reason) for step in (first, second)] == [("skipped", "expired")] * 2
    assert (first.late_by, second.late_by) == (hours(54), hours(30))
    assert (third.sent_at, third.late_by) == (utc("2026-05-04T14:00"), hours(6))
    assert (fourth.sent_at, fourth.late_by) == (utc("2026-05-05T08:00"), hours(0))


@pytest.mark.parametrize(
    ("up_again", "states"),
    [
        ("2026-05-02T20:59", "sent sent sent sent"),
        ("2026-05-02T21:00", "sent sent sent sent"),  # exactly max_late, half the gap
        ("2026-05-02T21:01", "skipped sent sent sent"),
    ],
)
def test_exactly_max_late_is_still_sent(up_again: str, states: str) -> None:
    steps = simulated(DAILY, window="00:00-24:00", downs=(("2026-05-02T08:00", up_again),))
    assert " ".join(step.state for step in steps) == states


def test_a_night_that_makes_a_step_too_late_skips_it_at_once() -> None:
    first, *_ = simulated(DAILY, downs=(("2026-05-02T08:00", "2026-05-02T20:30"),))
    assert (first.state, first.reason, first.late_by) == ("skipped", "expired", hours(11.5))


def test_downs_that_overlap_are_one() -> None:
    downs = (("2026-05-02T12:00", "2026-05-02T15:00"), ("2026-05-02T08:00", "2026-05-02T13:00"))
    assert simulated(DAILY, downs=downs)[0].sent_at == utc("2026-05-02T14:00")


def test_a_down_ends_before_its_end() -> None:
    assert simulated(DAILY, downs=(("2026-05-02T08:00", "2026-05-02T09:00"),))[0].late_by == hours(0)


def test_a_second_late_step_waits_until_a_day_after_the_first() -> None:
    spec = sequence({"days": 1, "at": "09:00"}, {"days": 2, "at": "09:00"}, max_late="2d")
    downs = (("2026-05-02T08:00", "2026-05-02T20:00"), ("2026-05-03T08:00", "2026-05-03T10:00"))
    first, second = simulated(spec, window="00:00-24:00", caps=NO_CAPS, downs=downs)
    assert (first.sent_at, first.late_by) == (utc("2026-05-02T19:00"), hours(11))
    assert (second.sent_at, second.late_by) == (utc("2026-05-03T19:00"), hours(11))


def test_a_late_tender_visit_goes_out_on_the_days_that_the_caps_leave() -> None:
    ended = anchor("2026-05-01T18:30")
    sent = [step.sent_at for step in simulated(sequence(*TENDER), ended) if step.sent_at]
    assert local_days(sent, ended) == [1, 2, 3, 4, 8, 14]
    assert [at.astimezone(LONDON).hour for at in sent] == [9, 10, 18, 10, 10, 18]


def test_a_client_who_moves_gets_the_rest_on_the_new_wall_clock() -> None:
    spec = sequence({"days": 1, "at": "10:00"}, {"days": 3, "at": "10:00"}, {"hours": 120})
    first, second, third = simulated(spec, moves=(("2026-05-03T12:00", "America/New_York"),))
    assert first.local.isoformat() == "2026-05-02T10:00:00+01:00"
    assert second.local.isoformat() == "2026-05-04T10:00:00-04:00"
    assert third.sent_at == ENDED.instant + hours(120)
    assert third.local.isoformat() == "2026-05-06T09:00:00-04:00"


def test_a_move_that_puts_the_hour_into_the_past_sends_late_on_the_same_day() -> None:
    spec = sequence({"days": 2, "at": "10:00"})
    (step,) = simulated(spec, moves=(("2026-05-03T09:30", "Asia/Kathmandu"),))
    assert step.due_at == utc("2026-05-03T04:15")
    assert step.sent_at == utc("2026-05-03T08:30")
    assert step.local.tzinfo == KATHMANDU


def test_a_move_during_a_down_counts_before_the_workers_are_back() -> None:
    down = (("2026-05-03T08:00", "2026-05-03T16:00"),)
    move = (("2026-05-03T12:00", "America/New_York"),)
    (step,) = simulated(sequence({"days": 2, "at": "10:00"}), downs=down, moves=move)
    assert (step.due_at, step.sent_at) == (utc("2026-05-03T14:00"), utc("2026-05-03T15:00"))


def test_a_move_at_the_very_instant_of_a_step_comes_first() -> None:
    (step,) = simulated(
        sequence({"days": 2, "at": "10:00"}), moves=(("2026-05-03T10:00", "America/New_York"),)
    )
    assert step.local.isoformat() == "2026-05-03T10:00:00-04:00"


def test_two_moves_end_in_the_last_zone() -> None:
    moves = (("2026-05-03T12:00", "Asia/Tokyo"), ("2026-05-02T12:00", "America/New_York"))
    (step,) = simulated(sequence({"days": 4, "at": "10:00"}), moves=moves)
    assert step.local.isoformat() == "2026-05-05T10:00:00+09:00"


def test_conditions_are_checked_against_the_given_facts() -> None:
    spec = sequence({"days": 1}, only_if=[{"fact": "first_session", "is": True}])
    assert simulated(spec)[0].reason == "condition"
    assert simulated(spec, facts={"first_session": "true"})[0].state == "sent"


def test_an_appointment_s_mails_come_before_it() -> None:
    spec = sequence({"days": -3, "at": "10:00"}, {"days": -1, "at": "17:00"}, on="appointment.booked")
    steps = simulated(spec, anchor("2026-11-03T15:00", NEW_YORK))
    assert [step.sent_at for step in steps] == [utc("2026-10-31T14:00"), utc("2026-11-02T22:00")]


def test_a_step_that_was_due_before_the_session_ended_is_late_at_once() -> None:
    (step,) = simulated(sequence({"days": 0, "at": "09:00"}))
    assert (step.sent_at, step.late_by) == (ENDED.instant, hours(5))


def test_a_step_that_caps_hold_back_for_too_long_is_skipped() -> None:
    spec = sequence(*({"days": 1, "at": f"{hour:02}:00"} for hour in range(8, 14)))
    steps = simulated(spec)
    assert [step.state for step in steps] == ["sent"] * 4 + ["skipped"] * 2
    assert steps[4].reason == "capped"
    assert (steps[4].due_at, steps[4].late_by) == (utc("2026-05-02T11:00"), hours(0))


def test_a_move_before_the_session_does_not_wind_the_clock_back() -> None:
    (step,) = simulated(sequence({"days": 0, "at": "09:00"}), moves=(("2026-05-01T08:00", "Asia/Kolkata"),))
    assert step.sent_at == ENDED.instant
