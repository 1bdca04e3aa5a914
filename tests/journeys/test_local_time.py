"""Emails keep to the clock on the client's wall, also in the nights when it is changed."""

from datetime import datetime

import pytest

from tests.journeys.harness import STRONG, Journey


@pytest.mark.parametrize(
    ("zone", "end", "utc"),
    [
        ("Europe/London", "2026-03-28T14:00+00:00", ["28T17:00", "29T17:00", "31T09:00", "03T17:00"]),
        ("Europe/London", "2026-10-24T14:00+01:00", ["24T16:00", "25T18:00", "27T10:00", "30T18:00"]),
        ("America/New_York", "2026-10-31T14:00-04:00", ["31T21:00", "01T23:00", "03T15:00", "06T23:00"]),
        ("Asia/Kathmandu", "2026-03-28T14:00+05:45", ["28T11:15", "29T12:15", "31T04:15", "03T12:15"]),
    ],
)
def test_the_hours_stay_the_same_when_clocks_change(
    journey: Journey, zone: str, end: str, utc: list[str]
) -> None:
    journey.clock.set(datetime.fromisoformat(end))
    maya = journey.add_client(timezone=zone)
    journey.visit(maya)
    journey.live(days=7)
    assert [f"{row.sent_at:%dT%H:%M}" for row in journey.messages(maya) if row.sent_at] == utc


def test_a_late_strong_session_before_the_clocks_go_forward(journey: Journey) -> None:
    journey.clock.set(datetime.fromisoformat("2026-03-28T18:30+00:00"))
    maya = journey.add_client()
    journey.visit(maya, STRONG)
    journey.live(days=16)
    assert journey.mail(maya)[:2] == ["thank-you Sun 29 09:00", "checking-in Mon 30 10:00"]
