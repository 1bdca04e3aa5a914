"""A session that is undone gives back what it displaced, as if it had never been logged."""

import pytest

from aftercare.flows import consent, sessions
from tests.journeys.harness import STRONG, Journey

REST = [
    "two-minutes-with-a-pen Tue 24 18:00",
    "short-walk Thu 26 10:00",
    "quiet-minutes Sun 29 18:00",
    "how-are-things Thu 03 10:00",
]


def _cancel(journey: Journey, session: str) -> None:
    with journey.app.transaction() as db:
        sessions.cancel_session(db, journey.clinic_id, session, by="sam", now=journey.now)


def _correct(journey: Journey, session: str, outcome: str) -> None:
    with journey.app.transaction() as db:
        sessions.correct_session(db, journey.clinic_id, session, outcome=outcome, by="sam", now=journey.now)
    journey.app.submit("schedule_followups", session)
    journey.app.drain()


def _stop(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        consent.opt_out(db, client, "aftercare", source="page", now=journey.now)


def _undo_stop(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, client, "aftercare", now=journey.now)


def _say_yes_again(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        told = journey.client(client)
        consent.give(db, told, ["aftercare"], source="form", wording="Yes", by="sam", now=journey.now)


@pytest.mark.parametrize("outcome", ["ordinary", STRONG])
def test_the_displaced_run_goes_on_and_nothing_comes_twice(journey: Journey, outcome: str) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    mistake = journey.visit(maya, outcome)
    journey.live(minutes=1)
    for _ in range(2):
        _cancel(journey, mistake)
    journey.live(days=14)
    assert journey.mail(maya) == ["evening-plan Mon 23 17:00", *REST]


def test_a_session_that_turns_out_to_need_no_aftercare_gives_it_back_too(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    _correct(journey, journey.visit(maya, STRONG), "no_aftercare")
    journey.live(days=14)
    assert journey.mail(maya)[1:] == REST


def test_undone_after_days_only_what_is_not_too_late_comes(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    mistake = journey.visit(maya, STRONG)
    journey.live(days=4)
    _cancel(journey, mistake)
    sent = len(journey.mail(maya))
    journey.live(days=14)
    # The emails of the mistake have their place in the week: one of these waits a day for it.
    assert journey.mail(maya)[sent:] == ["quiet-minutes Mon 30 18:00", REST[3]]
    assert journey.fates(maya)["short-walk"].startswith("skipped")


def test_a_stop_in_between_stands_and_taking_it_back_brings_the_run_back(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    for client in (maya, ravi):
        journey.visit(client)
    journey.live(hours=5)
    mistakes = [journey.visit(client, STRONG) for client in (maya, ravi)]
    for client, mistake in zip((maya, ravi), mistakes, strict=True):
        _stop(journey, client)
        _cancel(journey, mistake)
    _undo_stop(journey, ravi)
    journey.live(days=14)
    assert journey.mail(maya) == ["evening-plan Mon 23 17:00"]
    assert journey.mail(ravi)[1:] == REST


def test_a_new_yes_after_a_stop_brings_nothing_old_back(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    mistake = journey.visit(maya, STRONG)
    _stop(journey, maya)
    journey.live(hours=1)
    _say_yes_again(journey, maya)
    _cancel(journey, mistake)
    journey.live(days=14)
    assert journey.mail(maya) == ["evening-plan Mon 23 17:00"]


@pytest.mark.parametrize("first_undone", [0, 1])
def test_a_chain_of_mistakes_is_undone_in_any_order(journey: Journey, first_undone: int) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    mistakes = [journey.visit(maya), journey.visit(maya, STRONG)]
    _cancel(journey, mistakes[first_undone])
    assert "planned" in {row.state for row in journey.messages(maya)}
    _cancel(journey, mistakes[1 - first_undone])
    journey.live(days=14)
    assert journey.mail(maya)[1:] == REST


def test_what_a_later_visit_would_have_ended_stays_ended(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=1)
    mistake = journey.visit(maya)
    journey.live(hours=1)
    journey.visit(maya)
    _cancel(journey, mistake)
    journey.live(days=14)
    assert [line.split()[0] for line in journey.mail(maya)].count("evening-plan") == 1
    assert journey.mail(maya)[0] == "evening-plan Mon 23 19:00"


def test_a_run_that_comes_back_repeats_nothing_that_the_undone_one_had_sent(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=1)
    mistake = journey.visit(maya)
    journey.live(days=6, hours=4)
    assert len(journey.mail(maya)) == 4
    _cancel(journey, mistake)
    journey.live(days=14)
    subjects = [mail.split()[0] for mail in journey.mail(maya)]
    assert len(subjects) == len(set(subjects)) == 5
