"""What follows sessions in which strong feelings came up."""

from datetime import timedelta

from tests.journeys.harness import STRONG, Journey

USUAL = [
    "thank-you Mon 23 16:00",
    "checking-in Tue 24 10:00",
    "steady-evening Wed 25 18:00",
    "easy-movement Fri 27 10:00",
    "one-week-on Mon 30 10:00",
    "page-for-later Mon 07 18:00",
]


def _plan(journey: Journey, client: str) -> list[tuple[object, ...]]:
    return [
        (row.id, row.state, row.planned_for, row.due_at, row.max_late, row.changed_at)
        for row in journey.messages(client)
    ]


def test_six_emails_follow_over_two_weeks(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, STRONG)
    journey.live(days=16)
    assert journey.mail(maya) == USUAL


def test_a_late_session_is_followed_on_days_1_2_3_4_8_and_14(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, STRONG, ended_at=journey.now + timedelta(hours=4, minutes=30))
    journey.live(days=16)
    days = [row.sent_at.day for row in journey.messages(maya) if row.sent_at]
    assert days == [24, 25, 26, 27, 1, 7]


def test_an_ordinary_session_leaves_a_strong_run_as_it_is_and_staff_are_told(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, STRONG)
    journey.live(days=3)
    before = _plan(journey, maya)
    ordinary = journey.visit(maya)
    assert _plan(journey, maya) == before
    assert journey.note(ordinary) == "tender_run_active"
    journey.live(days=13)
    assert journey.mail(maya) == USUAL


def test_a_strong_session_ends_an_ordinary_run(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(days=2)
    journey.visit(maya, STRONG)
    journey.live(days=15)
    fates = journey.fates(maya)
    assert [fates[step] for step in ("short-walk", "quiet-minutes", "how-are-things")] == [
        "cancelled: superseded"
    ] * 3
    assert len(journey.mail(maya)) == 2 + 6


def test_a_second_strong_session_changes_nothing(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, STRONG)
    journey.live(days=1)
    before = _plan(journey, maya)
    again = journey.visit(maya, STRONG)
    assert (_plan(journey, maya), journey.note(again)) == (before, "already_running")
