"""What follows ordinary sessions."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

from tests.journeys.harness import Journey


def _text(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_an_ordinary_session_is_followed_at_the_hours_of_its_sequence(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(days=14)
    assert journey.mail(maya) == [
        "evening-plan Mon 23 17:00",
        "two-minutes-with-a-pen Tue 24 18:00",
        "short-walk Thu 26 10:00",
        "quiet-minutes Sun 29 18:00",
        "how-are-things Thu 03 10:00",
    ]


def test_six_weekly_sessions_never_repeat_a_text(journey: Journey) -> None:
    maya = journey.add_client()
    per_week = []
    for _ in range(6):
        before = len(journey.server.received)
        journey.visit(maya)
        journey.live(days=7)
        per_week.append(len(journey.server.received) - before)
    texts = [_text(message.content) for message in journey.server.received]
    assert len(set(texts)) == len(texts)
    assert per_week[0] == 4
    assert max(per_week[1:]) == 1


def test_of_two_sessions_on_one_day_the_later_one_is_followed_and_whole(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, ended_at=journey.now - timedelta(hours=2))
    journey.live(minutes=30)
    journey.visit(maya)
    journey.live(days=14)
    assert len(journey.mail(maya)) == 5
    assert journey.mail(maya)[0] == "evening-plan Mon 23 17:30"


def test_a_session_logged_five_days_late_is_followed_by_what_is_still_to_come(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, ended_at=journey.now - timedelta(days=5))
    journey.live(days=14)
    assert journey.mail(maya) == ["quiet-minutes Tue 24 18:00", "how-are-things Sat 28 10:00"]
    assert journey.fates(maya)["short-walk"] == "skipped: expired"


def test_a_session_that_ends_in_the_future_is_planned_from_its_end(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, ended_at=journey.now + timedelta(days=1))
    journey.live(days=3)
    assert journey.mail(maya) == ["evening-plan Tue 24 17:00", "two-minutes-with-a-pen Wed 25 18:00"]


def test_a_session_beyond_the_calendar_is_not_planned_and_says_so(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.visit(maya, ended_at=datetime(9999, 12, 31, 12, tzinfo=UTC))
    journey.visit(maya)
    assert journey.note(session) == "outside_calendar"
    assert len(journey.messages(maya)) == 5


def test_two_outcomes_start_nothing_and_end_nothing(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    notes = [journey.note(journey.visit(maya, outcome)) for outcome in ("no_aftercare", "did_not_happen")]
    journey.live(days=14)
    assert notes == ["no_aftercare", "did_not_happen"]
    assert len(journey.mail(maya)) == 5
