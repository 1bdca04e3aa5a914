"""The review of an issue says what then happens, whatever stands in people's way."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from aftercare.domain.segments import Segment
from aftercare.flows import clients, consent, newsletter_audience, newsletter_issues, pausing
from aftercare.flows.newsletters import When
from aftercare.store import consents
from tests.journeys import issues
from tests.journeys.harness import STRONG, Journey

PEOPLE = 30
ZONES = ("Europe/London", "Asia/Kathmandu", "America/New_York", "Pacific/Auckland")
HOUR = issues.TUESDAY_10 + timedelta(days=9)
"""Thursday of the week after: sequences that began on the days before are under way."""


def _crowd(journey: Journey, dice: random.Random) -> list[str]:
    """People with visits, holds, pauses, dead addresses, stops, and some who never said yes."""
    people = []
    for number in range(PEOPLE):
        topics = dice.choice([("aftercare", "newsletter"), ("newsletter",), ("aftercare",), ()])
        zone = dice.choice(ZONES)
        people.append(journey.add_client(f"p{number}@example.com", topics=topics, timezone=zone))
    for _ in range(4):
        journey.live(days=2)
        for _ in range(3):
            outcome = dice.choice(["ordinary", "ordinary", STRONG, "no_aftercare", "did_not_happen"])
            journey.visit(dice.choice(people), outcome)
    for number, client in enumerate(people):
        _happens(
            journey,
            client,
            dice.choice(["nothing"] * 5 + ["hold", "pause", "bounce", "stop", "back"]),
            number,
        )
    return people


def _happens(journey: Journey, client: str, what: str, number: int) -> None:
    with journey.app.transaction() as db:
        if what == "hold":
            clients.hold(db, journey.clinic_id, client, reason="asked", by="sam", now=journey.now)
        elif what == "pause":
            until = (journey.now + timedelta(days=1 + number % 4)).date()
            pausing.pause(db, journey.clinic_id, client, until, by="sam", now=journey.now)
        elif what == "bounce":
            consents.suppress(db, journey.client(client), reason="bounced", by="test", now=journey.now)
        elif what in ("stop", "back"):
            consent.opt_out(db, client, "newsletter", source="page", now=journey.now)
        if what == "back":
            consent.undo_opt_out(db, client, "newsletter", now=journey.now)


@pytest.mark.parametrize(
    ("database_url", "seed"), [("sqlite", 1), ("postgresql", 3)], indirect=["database_url"]
)
def test_who_is_said_to_get_it_gets_it_and_the_numbers_add_up(journey: Journey, seed: int) -> None:
    people = _crowd(journey, random.Random(seed))
    segment = Segment.parse({"visited_since": "2026-11-24"}) if seed == 3 else issues.EVERYBODY
    with journey.app.reading() as db:
        fates = newsletter_audience.fates(
            db, journey.clinic_id, "newsletter", When(HOUR), segment, now=journey.now
        )
    review = issues.audience(journey, HOUR, segment=segment)
    assert review.subscribers == issues.subscribers(journey) == len(fates)
    assert review.going + sum(review.left_out.values()) == review.subscribers
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue, HOUR, **segment.to_json())
    journey.live(days=9)
    slug = issues.read(journey, issue).sequence.id
    got_it = {
        row.client_id
        for client in people
        for row in journey.messages(client)
        if row.sequence_id == slug and row.sent_at
    }
    assert got_it == {one.client_id for one in fates if one.reason is None}
    tally = Counter(issues.tally(journey, issue))
    assert tally.total() == review.subscribers - review.left_out.get("segment", 0)
    assert tally["sent"] == review.going
    assert issues.read(journey, issue).issue.state == "sent"
    assert issues.copies(journey, issue) == []


def test_who_has_left_the_group_when_it_leaves_is_left_out_as_its_page_said(journey: Journey) -> None:
    here, away = (
        journey.add_client(f"{who}@example.com", topics=("aftercare", "newsletter"))
        for who in ("here", "away")
    )
    later = issues.TUESDAY_10 + timedelta(days=14)
    issue = issues.new_issue(journey)
    issues.schedule(journey, issue, later, not_visited_since="2026-11-01")
    journey.live(days=2)
    journey.visit(here, "no_aftercare")
    journey.live(days=9)
    with journey.app.reading() as db:
        said = newsletter_issues.read(db, journey.clinic_id, issue, now=journey.now).audience
    assert said is not None
    assert (said.subscribers, said.going, said.left_out) == (2, 1, {"segment": 1})
    journey.live(days=5)
    assert journey.mail(here) == []
    assert journey.mail(away) == ["issue Tue 08 10:00"]
    assert issues.tally(journey, issue) == {"sent": 1, "skipped: left_group": 1}
    assert issues.read(journey, issue).issue.state == "sent"


def test_who_joins_a_group_before_it_leaves_gets_it_and_a_group_of_one_issue_is_not_anothers(
    journey: Journey,
) -> None:
    lena = journey.add_client("lena@example.com", topics=("aftercare", "newsletter"))
    returning = issues.new_issue(journey)
    issues.schedule(journey, returning, issues.TUESDAY_10 + timedelta(days=14), visited_since="2026-11-24")
    everybody = issues.new_issue(journey)
    issues.schedule(journey, everybody, issues.TUESDAY_10 + timedelta(days=14))
    strangers = issues.new_issue(journey)
    issues.schedule(
        journey, strangers, issues.TUESDAY_10 + timedelta(days=14), not_visited_since="2026-11-01"
    )
    journey.live(days=2)
    journey.visit(lena, "no_aftercare")
    journey.live(days=20)
    assert "skipped: left_group" not in issues.tally(journey, returning)
    assert "skipped: left_group" not in issues.tally(journey, everybody)
    assert issues.tally(journey, strangers) == {"skipped: left_group": 1}
