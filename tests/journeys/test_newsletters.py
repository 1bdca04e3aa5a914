"""An issue of a newsletter: who gets it, who does not, and what stops it."""

from datetime import timedelta

import pytest

from aftercare.domain.segments import Segment
from aftercare.flows import consent, newsletter_issues, newsletters
from aftercare.store import today
from tests.journeys import issues
from tests.journeys.harness import STRONG, Journey

NEWS = ("aftercare", "newsletter")
ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""


def _people(journey: Journey, number: int, **more: str) -> list[str]:
    return [journey.add_client(f"reader-{n}@example.com", topics=NEWS, **more) for n in range(number)]


def test_an_issue_reaches_each_reader_at_ten_on_her_own_clock(journey: Journey) -> None:
    maya = journey.add_client(topics=NEWS)
    asha = journey.add_client("asha@example.com", topics=NEWS, timezone="Asia/Kathmandu")
    journey.add_client("never@example.com")
    issue = issues.new_issue(journey)
    assert issues.audience(journey).going == issues.subscribers(journey) == 2
    issues.schedule(journey, issue)
    assert issues.read(journey, issue).issue.state == "scheduled"
    journey.live(days=2)
    assert journey.mail(maya) == ["issue Tue 24 10:00"]
    assert journey.mail(asha) == ["issue Tue 24 10:00"]
    assert issues.tally(journey, issue) == {"sent": 2}
    assert issues.read(journey, issue).issue.state == "sent"
    journey.live(days=40)
    assert issues.tally(journey, issue) == {"sent": 2}


def test_in_the_clinics_time_it_leaves_everywhere_at_once_and_not_at_night(journey: Journey) -> None:
    people = [
        journey.add_client(f"{n}@example.com", topics=NEWS, timezone=zone)
        for n, zone in enumerate(("Europe/London", "Asia/Kathmandu", "America/New_York"))
    ]
    issues.schedule(journey, issues.new_issue(journey), whose="clinic")
    journey.live(days=2)
    assert [journey.mail(one) for one in people] == [
        ["issue Tue 24 10:00"],
        ["issue Tue 24 15:45"],
        ["issue Tue 24 08:00"],
    ]


def test_it_keeps_away_from_whoever_was_here_lately_or_had_strong_feelings_meanwhile(
    journey: Journey,
) -> None:
    calm, lately, tender, fine = _people(journey, 4)
    later = issues.TUESDAY_10 + timedelta(days=14)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue, later)
    journey.live(days=4)
    journey.visit(tender, STRONG)
    journey.live(days=8)
    journey.visit(lately, "no_aftercare")
    journey.visit(calm, "did_not_happen")
    assert issues.audience(journey, later, issue=issue).left_out == {"tender_path": 1, "recent_visit": 1}
    journey.live(days=4)
    assert issues.tally(journey, issue) == {
        "sent": 2,
        "skipped: recent_visit": 1,
        "skipped: tender_path": 1,
    }
    assert [row for row in journey.mail(fine) if "issue" in row] == ["issue Tue 08 10:00"]


def test_paused_in_the_middle_and_resumed_it_reaches_the_rest_and_nobody_twice(journey: Journey) -> None:
    people = _people(journey, 6)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue)
    journey.clock.advance(timedelta(hours=20))
    with journey.app.transaction() as db:
        newsletters.pause(db, journey.clinic_id, issue, by="sam", now=journey.now)
    journey.live(hours=2)
    assert issues.tally(journey, issue) == {"held: sequence_paused": len(people)}
    with journey.app.transaction() as db:
        newsletters.resume(db, journey.clinic_id, issue, by="sam", now=journey.now)
    journey.live(hours=1)
    assert issues.tally(journey, issue) == {"sent": len(people)}
    assert issues.copies(journey, issue) == []


def test_cancelled_a_minute_before_it_reaches_nobody(journey: Journey) -> None:
    maya = journey.add_client(topics=NEWS)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue)
    journey.live_until(journey.now + timedelta(hours=19, minutes=59))
    for _ in range(2):
        with journey.app.transaction() as db:
            newsletters.cancel(db, journey.clinic_id, issue, by="sam", now=journey.now)
    journey.live(days=3)
    assert journey.mail(maya) == []
    assert issues.tally(journey, issue) == {"cancelled: issue_cancelled": 1}
    with journey.app.reading() as db:
        assert today.paused(db, journey.clinic_id) == [], "it needs nobody"
    assert issues.read(journey, issue).issue.finished_at is not None


def test_who_leaves_and_says_yes_again_gets_it_as_the_page_says(journey: Journey) -> None:
    one, two = _people(journey, 2)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue)
    with journey.app.transaction() as db:
        consent.opt_out(db, one, "newsletter", source="page", now=journey.now)
    journey.live(hours=1)
    with journey.app.transaction() as db:
        consent.say_yes(db, one, ["newsletter"], source="page", wording="Yes", now=journey.now)
        ahead = newsletter_issues.read(db, journey.clinic_id, issue, now=journey.now).audience
    assert ahead is not None
    journey.live(days=2)
    assert [len(journey.mail(client)) for client in (one, two)] == [1, 1]
    assert issues.tally(journey, issue) == {"sent": ahead.going}


def test_a_stop_that_is_taken_back_brings_no_cancelled_issue_back(journey: Journey) -> None:
    [maya] = _people(journey, 1)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "newsletter", source="page", now=journey.now)
    with journey.app.transaction() as db:
        newsletters.cancel(db, journey.clinic_id, issue, by="sam", now=journey.now)
    journey.app.sweep()
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, maya, "newsletter", now=journey.now)
    journey.live(days=2)
    assert issues.tally(journey, issue) == {"cancelled: opted_out": 1}


def test_who_joins_in_time_gets_it_once_and_who_leaves_does_not(journey: Journey) -> None:
    stays, leaves, returns = _people(journey, 3)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue)
    joins = journey.add_client("late@example.com", topics=("newsletter",))
    with journey.app.transaction() as db:
        for client in (leaves, returns):
            consent.opt_out(db, client, "newsletter", source="page", now=journey.now)
        consent.undo_opt_out(db, returns, "newsletter", now=journey.now)
    for _ in range(2):
        journey.app.submit("enrol_subscribers")
        journey.app.sweep()
    journey.live(days=2)
    assert [len(journey.mail(one)) for one in (stays, joins, returns, leaves)] == [1, 1, 1, 0]
    assert issues.tally(journey, issue) == {"sent": 3, "cancelled: opted_out": 1}
    journey.add_client("too-late@example.com", topics=("newsletter",))
    journey.live(days=5)
    assert issues.tally(journey, issue) == {"sent": 3, "cancelled: opted_out": 1}


@ONE_IS_ENOUGH
def test_a_group_is_found_by_therapist_visits_and_what_was_finished(journey: Journey) -> None:
    been, never = _people(journey, 2)
    journey.visit(been)
    journey.live(days=20)
    hour = issues.TUESDAY_10 + timedelta(days=28)
    for conditions, who in (
        ({"finished": "after-your-visit"}, been),
        ({"therapist": journey.therapist_id}, been),
        ({"visited_since": "2026-11-23"}, been),
        ({"visited_since": "2026-11-24"}, None),
        ({"not_visited_since": "2026-11-23"}, never),
        ({"country": "GB", "language": "en", "not_visited_since": "2026-11-01"}, never),
    ):
        review = issues.audience(journey, hour, segment=Segment.parse(conditions))
        assert (review.subscribers, review.going) == (2, 0 if who is None else 1), conditions
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue, hour, finished="after-your-visit")
    journey.live(days=12)
    assert "issue" in journey.mail(been)[-1]
    assert journey.mail(never) == []


@ONE_IS_ENOUGH
def test_paused_for_too_long_it_ends_and_nobody_gets_it_late(journey: Journey) -> None:
    _people(journey, 2)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue)
    with journey.app.transaction() as db:
        newsletters.pause(db, journey.clinic_id, issue, by="sam", now=journey.now)
    journey.live(days=5)
    assert issues.tally(journey, issue) == {"skipped: expired": 2}
    assert issues.read(journey, issue).issue.state == "sent"
