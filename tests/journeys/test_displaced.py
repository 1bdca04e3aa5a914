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
    journey.live(days=16)
    letters = [line for line in journey.mail(maya) if line.startswith("letter")]
    assert letters == ["letter-5 Tue 01 09:00"]
    assert journey.fates(maya)["letter-1"] == "skipped: capped"
    assert len(journey.mail(maya)) == 7
