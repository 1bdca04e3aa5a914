"""Two runs beside each other: the more urgent one picks its days, the other makes room."""

from tests.journeys.harness import STRONG, Journey

LETTERS = {
    "name": "Letters",
    "public_name": "Letters from the clinic",
    "trigger": {"on": "session.logged", "service": "letters"},
    "priority": "news",
    "topic": "newsletter",
    "purpose": "newsletter",
    "reenrolment": "parallel",
    "steps": [{"key": f"letter-{day}", "wait": {"days": day, "at": "09:00"}} for day in (1, 5)],
}
NEVER = {
    "name": "After your visit",
    "public_name": "Emails after your visit",
    "trigger": "manual",
    "steps": [{"key": "none", "wait": {"days": 1}}],
}


def test_a_letter_makes_room_for_an_email_that_matters_more(journey: Journey) -> None:
    journey.publish("after-your-visit", NEVER)
    journey.publish("letters", LETTERS)
    maya = journey.add_client(topics=("aftercare", "newsletter"))
    journey.visit_of_service(maya, "letters")
    assert [f"{row.planned_for:%a %H}" for row in journey.messages(maya)] == ["Tue 09", "Sat 09"]
    journey.visit(maya, STRONG)
    letter = next(row for row in journey.messages(maya) if row.step_key == "letter-5")
    assert f"{letter.planned_for:%a %d %H}" == "Tue 01 09"
    assert journey.fates(maya)["letter-1"] == "skipped: capped"
    journey.live(days=16)
    # Made room for, and then not sent after all: a newsletter keeps away for two weeks after such a visit.
    assert journey.fates(maya)["letter-5"] == "skipped: tender_path"
    assert len(journey.mail(maya)) == 6
