"""Workers, brokers and whole processes that are away."""

from datetime import timedelta

from aftercare.flows import dispatch
from aftercare.flows.sweeping import recover
from tests.journeys.harness import STRONG, Journey

DAILY = {
    "name": "Daily",
    "public_name": "Emails after your visit",
    "trigger": {"on": "session.logged", "service": "daily"},
    "priority": "tender",
    "steps": [{"key": f"d{day}", "wait": {"days": day, "at": "09:00"}} for day in (1, 2, 3, 4)],
}


def test_after_an_outage_of_three_days_one_email_catches_up(journey: Journey) -> None:
    """E18: workers down from day 1 08:00 to day 3 15:00."""
    journey.publish("daily", DAILY)
    maya = journey.add_client()
    journey.visit_of_service(maya, "daily")
    journey.live_until(journey.now.replace(hour=7) + timedelta(days=1))
    journey.sleep(days=2, hours=8)
    journey.live(days=2)
    assert journey.fates(maya) == {
        "d1": "skipped: expired",
        "d2": "skipped: expired",
        "d3": "sent",
        "d4": "sent",
    }
    assert journey.mail(maya) == ["d3 Thu 26 15:00", "d4 Fri 27 09:00"]


def test_a_session_that_is_logged_while_the_broker_is_away_is_planned_by_the_next_sweep(
    journey: Journey,
) -> None:
    maya = journey.add_client()
    journey.app.broker_is_up = False
    session = journey.visit(maya)
    assert journey.note(session) is None
    journey.app.broker_is_up = True
    journey.live(days=14)
    assert len(journey.mail(maya)) == 5


def test_running_any_task_again_changes_nothing(journey: Journey) -> None:
    maya = journey.add_client()
    session = journey.visit(maya, STRONG)
    journey.live(days=2)
    before = [(row.id, row.state, row.due_at, row.changed_at) for row in journey.messages(maya)]
    for task in ("schedule_followups", "sweep", "deliver", "deliver", "sweep"):
        journey.app.submit(task, *{"schedule_followups": [session], "deliver": ["main"]}.get(task, []))
    journey.app.drain()
    assert [(row.id, row.state, row.due_at, row.changed_at) for row in journey.messages(maya)] == before


def test_a_worker_that_dies_after_its_claim_costs_its_lease(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.sleep(hours=3)
    assert len(dispatch.claim(journey.app, "main", "dead")) == 1
    journey.sleep(seconds=121)
    journey.app.sweep()
    assert journey.mail(maya) == ["evening-plan Mon 23 17:02"]


def test_a_worker_that_dies_in_transmission_leaves_a_doubt_that_is_settled(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.sleep(hours=3)
    dispatch.begin(journey.app, "dead", dispatch.claim(journey.app, "main", "dead"))
    journey.sleep(seconds=121)
    journey.app.sweep()
    assert journey.fates(maya)["evening-plan"] == "unknown: worker_lost"
    journey.live(minutes=11)
    assert journey.mail(maya) == ["evening-plan Mon 23 17:12"]
    assert [attempt.possible_duplicate for attempt in journey.attempts(maya)] == [False, True]


def test_an_email_that_kills_its_worker_is_parked_and_its_neighbours_go_out(journey: Journey) -> None:
    people = [journey.add_client(f"client{number}@example.com") for number in range(4)]
    for client in people:
        journey.visit(client)
    poison = journey.messages(people[0])[0].id
    journey.sleep(hours=3)
    for _ in range(10):
        claimed = dispatch.claim(journey.app, "main", "doomed")
        if poison not in claimed:
            dispatch.send_claimed(journey.app, "main", "doomed", claimed)
        journey.sleep(seconds=121)
        with journey.app.transaction() as db:
            recover(db, now=journey.now, unshifted=journey.now, reconcile=timedelta(minutes=10))
    assert journey.fates(people[0])["evening-plan"] == "failed: parked_after_three_tries"
    assert [len(journey.mail(client)) for client in people] == [0, 1, 1, 1]


def test_an_email_that_cannot_be_rendered_is_parked_and_its_neighbours_go_out(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    for client in (maya, ravi):
        journey.visit(client)
    with journey.app.transaction() as db:
        row = db.merge(journey.messages(maya)[0])
        row.email_version_id = journey.break_email(db, row.email_version_id)
    journey.live(hours=4)
    assert journey.fates(maya)["evening-plan"] == "failed: cannot_render"
    assert len(journey.mail(ravi)) == 1
