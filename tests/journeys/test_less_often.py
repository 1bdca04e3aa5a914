"""A client who asked for fewer emails gets one at most in so many days, whatever happens, until she asks for
more again."""

from datetime import date

from aftercare.flows import own_choices, preview
from aftercare.flows.sessions import SessionFacts
from tests.journeys.harness import STRONG, Journey


def _ask(journey: Journey, client: str, pace: str | None) -> str:
    with journey.app.transaction() as db:
        return own_choices.less_often(db, client, pace, now=journey.now)


def _dates(journey: Journey, client: str) -> list[date]:
    return sorted(row.sent_at.date() for row in journey.messages(client) if row.sent_at)


def test_one_in_thirty_days_over_several_visits_as_the_preview_says(journey: Journey) -> None:
    maya = journey.add_client()
    _ask(journey, maya, "monthly")
    journey.visit(maya)
    journey.live(days=16)
    assert journey.mail(maya) == ["evening-plan Mon 23 17:00"]
    facts = SessionFacts(client_id=maya, ended_at=journey.now, outcome=STRONG)
    with journey.app.reading() as db:
        seen = preview.preview_facts(db, journey.clinic_id, facts, by="sam", now=journey.now)
    journey.visit(maya, STRONG)
    left_out = {one.step for one in seen.messages if one.reason == "less_often"}
    assert left_out == {step for step, fate in journey.fates(maya).items() if fate == "held: less_often"}
    assert left_out
    journey.live(days=40)
    dates = _dates(journey, maya)
    assert len(dates) == 2
    assert (dates[1] - dates[0]).days >= 30
    assert {journey.fates(maya)[step] for step in left_out} == {"skipped: less_often"}


def test_asking_for_more_again_brings_what_is_not_too_late(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    _ask(journey, maya, "weekly")
    journey.live(days=2)
    assert len(_dates(journey, maya)) == 1
    _ask(journey, maya, None)
    journey.live(days=14)
    assert [line.split()[0] for line in journey.mail(maya)] == [
        "evening-plan",
        "short-walk",
        "quiet-minutes",
        "how-are-things",
    ]
    assert journey.fates(maya)["two-minutes-with-a-pen"] == "skipped: less_often"
