"""Somebody would like a call: what each one who is told reads is true for her."""

from datetime import timedelta

import pytest

from aftercare.flows import duty
from aftercare.flows.alert_board import read_board
from tests.journeys.harness import Journey
from tests.journeys.test_nobody_is_told import bounced
from tests.journeys.test_support_path import NOOR, SAM, answer_only, maya, plain, say, to

__all__ = ["maya"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_SECOND = "If nobody presses it within two working hours, a second person is told as well."


def told_on_the_board(journey: Journey) -> list[str]:
    with journey.app.reading() as db:
        board = read_board(db, journey.clinic_id)
        return [board.names[line.told_later] for line in board.open if line.told_later]


def alone(journey: Journey) -> None:
    with journey.app.transaction() as db:
        duty.set_contacts(db, journey.clinic_id, journey.therapist_id, None, by="sam", now=journey.now)


def test_the_second_contact_reads_that_it_has_waited_and_not_the_first_ones_email(
    journey: Journey, maya: str
) -> None:
    say(journey, maya, "call", "My mother is not well.")
    journey.live(hours=3)
    [first], [second] = to(journey, SAM), to(journey, NOOR)
    assert A_SECOND in plain(first)
    assert "It has waited two working hours. You are told as well." in plain(second)
    assert A_SECOND not in plain(second)
    assert told_on_the_board(journey) == ["Noor"]
    for secret in (b"Maya", b"maya", b"mother", b"Sam", b"feelings"):
        assert secret not in second.content


def test_where_there_is_no_second_contact_nobody_is_promised_one(journey: Journey, maya: str) -> None:
    alone(journey)
    say(journey, maya, "call")
    journey.live(hours=3)
    first, again = map(plain, to(journey, SAM))
    assert "If nobody presses it within two working hours, you are told once more." in first
    assert "It has waited two working hours. Nobody else is told." in again
    assert not any("second" in text or "as well" in text for text in (first, again))
    assert told_on_the_board(journey) == ["Sam"]


def test_who_is_told_early_reads_that_an_email_came_to_nothing_not_that_hours_have_gone(
    journey: Journey, maya: str
) -> None:
    answer_only(journey, maya, "call")
    bounced(journey, SAM)
    journey.live(minutes=2)
    [second] = to(journey, NOOR)
    assert "An email about it has come to nothing, so you are told now." in plain(second)
    assert "two working hours" not in plain(second)


def test_nobody_is_said_to_be_named_who_is_not(journey: Journey, maya: str) -> None:
    journey.clock.advance(timedelta(minutes=1))
    say(journey, maya, "call")
    assert "named" not in plain(to(journey, SAM)[0])
