"""The decision at sending time, rule by rule and in their order."""

from dataclasses import replace
from typing import Any

import pytest

from aftercare.domain.caps import EVERY_DAY, Caps, Taken
from aftercare.domain.policy import Decision, Facts, Hold, Send, Skip, Wait, decide
from aftercare.domain.windows import Window

from .examples import LONDON, hours, utc

DUE = utc("2026-05-04T09:00")  # a Monday, 10:00 in London
FACTS = Facts(
    purpose="care",
    consent=True,
    opted_out=False,
    suppressed=False,
    held=False,
    sequence_paused=False,
    paused=False,
    run_active=True,
    planned_for=DUE,
    max_late=hours(24),
    zone=LONDON,
    window=Window.parse("08:00-20:00"),
    caps=Caps(),
    taken=(),
    last_catch_up=None,
    only_on=EVERY_DAY,
    uncapped=False,
    window_any=False,
    run_key="run",
)


def at(now: str, **changes: Any) -> Decision:
    return decide(replace(FACTS, **changes), utc(f"2026-05-{now}"))


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ({}, Send()),
        ({"consent": False}, Skip("no_consent")),
        ({"opted_out": True}, Skip("opted_out")),
        ({"suppressed": True}, Skip("suppressed")),
        ({"suppressed": True, "stopped": True}, Skip("stopped_everything")),
        ({"purpose": "account", "stopped": True}, Skip("stopped_everything")),
        ({"run_active": False}, Skip("run_ended")),
        ({"held": True}, Hold("held")),
        ({"sequence_paused": True}, Hold("sequence_paused")),
        ({"paused": True}, Hold("paused")),
        ({"held": True, "sequence_paused": True, "paused": True}, Hold("held")),
        ({"purpose": "account", "held": True, "sequence_paused": True, "paused": True}, Send()),
        ({"held": True, "opted_out": True}, Skip("opted_out")),  # what is final goes before what is not
        ({"purpose": "account", "consent": False, "opted_out": True}, Send()),
        ({"purpose": "account", "suppressed": True}, Skip("suppressed")),
    ],
)
def test_obstacles(changes: dict[str, Any], decision: Decision) -> None:
    assert at("04T09:00", **changes) == decision


@pytest.mark.parametrize(
    ("now", "changes", "decision"),
    [
        ("04T08:59", {}, Wait(DUE, "not_due")),
        ("04T19:00", {}, Wait(utc("2026-05-05T07:00"), "quiet_hours")),
        ("04T19:00", {"window_any": True}, Send()),
        ("04T19:00", {"purpose": "account"}, Send()),
        ("04T09:00", {"only_on": frozenset({1})}, Wait(utc("2026-05-05T09:00"), "capped")),
        ("04T09:00", {"taken": (Taken("other", utc("2026-05-04T07:00")),)}, Wait(DUE + hours(24), "capped")),
        ("04T09:00", {"taken": (Taken("other", utc("2026-05-04T07:00")),), "uncapped": True}, Send()),
        ("04T09:00", {"taken": (Taken("other", utc("2026-05-04T07:00"), counted=False),)}, Send()),
        ("04T09:00", {"taken": (Taken("run", utc("2026-05-03T21:01")),)}, Wait(DUE + hours(24), "capped")),
        ("04T09:00", {"taken": (Taken("run", utc("2026-05-03T21:00")),)}, Send()),
        # Moved by a day, but its limit is half of that.
        ("04T09:00", {"taken": (Taken("other", DUE),), "max_late": hours(12)}, Skip("expired")),
    ],
)
def test_waiting(now: str, changes: dict[str, Any], decision: Decision) -> None:
    assert at(now, **changes) == decision


@pytest.mark.parametrize(
    ("now", "max_late", "decision"),
    [
        ("05T09:00", 24, Send()),  # exactly max_late
        ("05T09:00:01", 24, Skip("expired")),
        ("04T15:00", 6, Send()),
        ("04T15:01", 6, Skip("expired")),
        ("04T21:00", 22, Wait(utc("2026-05-05T07:00"), "quiet_hours")),
        ("04T21:00", 12, Skip("expired")),  # just in time, but at night
        ("04T21:00", 21, Skip("expired")),  # in time now, but the window opens too late: said at once
    ],
)
def test_lateness(now: str, max_late: int, decision: Decision) -> None:
    assert at(now, max_late=hours(max_late)) == decision


@pytest.mark.parametrize(
    ("now", "last", "decision"),
    [
        ("04T09:15", "04T09:00", Send()),  # 15 minutes are on time
        ("04T09:16", "03T09:16", Send()),
        ("04T09:16", "03T10:00", Wait(utc("2026-05-04T10:00"), "catch_up")),
        ("04T15:00", "03T20:00", Wait(utc("2026-05-05T07:00"), "quiet_hours")),  # 21:00 in London is closed
        ("04T10:00", "04T09:30", Skip("expired")),  # the next catch-up would be 24 h 30 late
    ],
)
def test_one_catch_up_a_day(now: str, last: str, decision: Decision) -> None:
    assert at(now, last_catch_up=utc(f"2026-05-{last}")) == decision


def test_purpose_account_catches_up_at_once() -> None:
    assert at("04T15:00", purpose="account", last_catch_up=utc("2026-05-04T14:00")) == Send()
