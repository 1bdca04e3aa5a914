"""Publishing with people in flight: kept on their version, or moved, to the end of their runs."""

import pytest
from sqlalchemy import select

from aftercare.domain.outcomes import Blame, Transient
from aftercare.flows import clients, dispatch, editing, publishing, recording, replan
from aftercare.models import Enrolment
from tests.journeys.harness import Journey
from tests.journeys.versions import SLUG, Edit, add_written, change, edit, fates, publish, subjects

PEN, WALK, QUIET, HOW = "two-minutes-with-a-pen", "short-walk", "quiet-minutes", "how-are-things"
FIRST = "evening-plan Mon 23 17:00"
SECOND = "two-minutes-with-a-pen Tue 24 18:00"
LATER_ON = ["quiet-minutes Sun 29 18:00", "how-are-things Thu 03 10:00"]


def wait(step: str, days: int, at: str) -> Edit:
    """Set a wait in days."""
    return edit(editing.set_wait, step, {"days": days, "at": at})


def new_step(subject: str, days: int, at: str) -> Edit:
    """Add a step."""
    return edit(add_written, subject=subject, wait={"days": days, "at": at})


# All of them are published on the Tuesday evening at 20:00, when the first two emails are out.
MOVED: dict[str, tuple[list[Edit], list[str], dict[str, str]]] = {
    "another subject changes no date": (
        [edit(editing.set_lines, WALK, subject="Out for a bit")],
        ["short-walk Thu 26 10:00", *LATER_ON],
        {},
    ),
    "a longer wait is waited": (
        [wait(WALK, 5, "11:00")],
        ["short-walk Sat 28 11:00", *LATER_ON],
        {},
    ),
    "a shorter wait brings a step forward": (
        [wait(QUIET, 2, "09:00")],
        ["quiet-minutes Wed 25 09:00", "short-walk Thu 26 10:00", LATER_ON[1]],
        {},
    ),
    "what has its moment before the move is left out": (
        [wait(WALK, 1, "10:00"), wait(QUIET, 1, "12:00")],
        [LATER_ON[1]],
        {WALK: "skipped: moved_past", QUIET: "skipped: moved_past"},
    ),
    "what she had does not come again, wherever it moves": (
        [wait("evening-plan", 4, "10:00"), wait(PEN, 5, "10:00"), edit(editing.move_step, PEN, 5)],
        ["short-walk Thu 26 10:00", *LATER_ON],
        {},
    ),
    "a new step comes if its moment is to come": (
        [new_step("Rest", 2, "10:00"), new_step("Sleep", 1, "09:00")],
        ["rest Wed 25 10:00", "short-walk Thu 26 10:00", "quiet-minutes Mon 30 18:00", LATER_ON[1]],
        {"sleep": "skipped: moved_past"},
    ),
    "steps that are gone vanish": (
        [edit(editing.remove_step, WALK), edit(editing.remove_step, HOW)],
        [LATER_ON[0]],
        {WALK: "cancelled: moved", HOW: "cancelled: moved"},
    ),
    "three on one day come on days of their own, and never more than four in a week": (
        [wait(WALK, 3, "10:00"), wait(QUIET, 3, "12:00"), wait(HOW, 3, "14:00")],
        ["short-walk Thu 26 10:00", "quiet-minutes Fri 27 12:00"],
        {HOW: "skipped: capped"},
    ),
    "nothing is left": (
        [wait(WALK, 0, "15:00"), wait(QUIET, 0, "16:00"), edit(editing.remove_step, HOW)],
        [],
        {WALK: "skipped: moved_past", QUIET: "skipped: moved_past", HOW: "cancelled: moved"},
    ),
    "another order of the list is another order of nothing": (
        [edit(editing.move_step, HOW, 1), edit(editing.move_step, WALK, 5)],
        ["short-walk Thu 26 10:00", *LATER_ON],
        {},
    ),
}


@pytest.mark.parametrize("name", MOVED)
def test_who_is_moved_gets_the_rest_of_the_new_version(journey: Journey, name: str) -> None:
    edits, rest, others = MOVED[name]
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=30)
    assert publish(journey, *edits, in_flight="move").moved == 1
    with journey.app.transaction() as db:
        again = replan.replan_client(db, maya, now=journey.now)
    assert again == replan.Changes(), "planning again finds other dates than the move"
    journey.live(days=20)
    assert journey.mail(maya) == [FIRST, SECOND, *rest]
    assert {step: fate for step, fate in fates(journey, maya).items() if fate != "sent"} == others
    with journey.app.reading() as db:
        assert db.scalars(select(Enrolment.exit_reason)).all() == ["completed"]


def test_kept_people_read_the_old_words_and_the_next_client_the_new(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    journey.visit(maya)
    journey.live(hours=2)
    done = publish(journey, edit(editing.set_lines, "evening-plan", subject="Tonight"), in_flight="keep")
    assert (done.number, done.moved) == (2, 0)
    journey.visit(ravi)
    journey.live(hours=5)
    assert subjects(journey, "maya@example.com") == ["A gentle plan for this evening"]
    assert subjects(journey, "ravi@example.com") == ["Tonight"]


def test_moved_people_read_the_new_words_and_those_kept_before_come_along(journey: Journey) -> None:
    maya, ravi, ana = (journey.add_client(f"{name}@example.com") for name in ("maya", "ravi", "ana"))
    journey.visit(maya)
    publish(journey, edit(editing.set_lines, "evening-plan", subject="Tonight"), in_flight="keep")
    journey.visit(ravi)
    journey.visit(ana, "strong_feelings")
    done = publish(journey, edit(editing.set_lines, "evening-plan", subject="This evening"), in_flight="move")
    assert (done.number, done.moved) == (3, 2)
    journey.live(hours=7)
    assert subjects(journey, "maya@example.com") == subjects(journey, "ravi@example.com") == ["This evening"]
    assert journey.mail(ana) == ["thank-you Mon 23 16:00"]
    assert fates(journey, maya)[WALK] == "planned"


@pytest.mark.parametrize(("asleep", "sent_at"), [(29, "Tue 24 19:00"), (49, None)])
def test_what_was_due_and_unsent_still_comes_unless_it_is_late(
    journey: Journey, asleep: float, sent_at: str | None
) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    journey.sleep(hours=asleep - 5)
    publish(journey, edit(editing.set_lines, PEN, subject="Pen"), in_flight="move")
    journey.live(days=2)
    sent = [one.removeprefix(f"{PEN} ") for one in journey.mail(maya) if one.startswith(PEN)]
    assert sent == ([sent_at] if sent_at else [])
    assert fates(journey, maya)[PEN] == ("sent" if sent_at else "skipped: expired")


def test_a_held_client_is_moved_and_stays_held(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, maya, reason="asked", by="sam", now=journey.now)
    publish(journey, wait(WALK, 4, "10:00"), in_flight="move")
    journey.live(days=2)
    assert journey.mail(maya) == []
    with journey.app.transaction() as db:
        clients.release(db, journey.clinic_id, maya, by="sam", now=journey.now)
    journey.live(days=12)
    assert journey.mail(maya) == ["two-minutes-with-a-pen Wed 25 14:00", "short-walk Fri 27 10:00", *LATER_ON]


def test_an_email_that_a_worker_has_claimed_goes_out_once_in_the_new_words(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.sleep(hours=3)
    claimed = dispatch.claim(journey.app, "main", "worker")
    publish(journey, edit(editing.set_lines, "evening-plan", subject="Tonight"), in_flight="move")
    assert dispatch.send_claimed(journey.app, "main", "worker", claimed) == []
    journey.live(hours=1)
    assert subjects(journey, "maya@example.com") == ["Tonight"]


def test_an_email_on_the_wire_whose_step_is_removed_is_over_once_it_comes_back(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.sleep(hours=3)
    claimed = dispatch.claim(journey.app, "main", "worker")
    dispatch.begin(journey.app, "worker", claimed)
    publish(journey, edit(editing.remove_step, "evening-plan"), in_flight="move")
    assert fates(journey, maya)["evening-plan"] == "transmitting"
    refused = Transient("smtp_450_4.2.0", Blame.RECIPIENT)
    recording.record(journey.app, "worker", [(claimed[0], refused)])
    journey.live(days=2)
    assert fates(journey, maya)["evening-plan"] == "skipped: no_longer_planned"
    assert journey.mail(maya) == [SECOND]


def test_the_examples_are_what_comes_true(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com", first_name="")
    journey.visit(maya)
    journey.live(hours=30)
    journey.visit(ravi)
    change(journey, wait(WALK, 1, "10:00"), wait(QUIET, 4, "12:00"))
    with journey.app.reading() as db:
        told = publishing.examples(db, journey.clinic_id, SLUG, now=journey.now)
        assert publishing.people_in_flight(db, journey.clinic_id, SLUG) == 2
    by_name = {one.first_name: one for one in told}
    assert set(by_name) == {"Maya", "no name"}
    hers = by_name["Maya"]
    assert [f"{step.key} {step.local:%a %d %H:%M}" for step in hers.keep] == [
        "short-walk Thu 26 10:00",
        *LATER_ON,
    ]
    assert [step.key for step in hers.move if step.skip] == [WALK]
    publish(journey, in_flight="move")
    journey.live(days=20)
    expected = [f"{step.key} {step.local:%a %d %H:%M}" for step in hers.move if not step.skip]
    assert journey.mail(maya)[2:] == expected == ["quiet-minutes Fri 27 12:00", LATER_ON[1]]
