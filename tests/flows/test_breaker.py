"""When a relay is left alone, and for how long."""

from datetime import timedelta

import pytest

from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown
from aftercare.flows import breaker
from tests.journeys.harness import Journey

YES = Accepted("smtp_250")
LOST = Transient("smtp_dropped", Blame.CONNECTION)
US = Permanent("smtp_550_5.7.1", Blame.SENDER)
HER = Permanent("smtp_550_5.1.1", Blame.RECIPIENT)
GREY = Transient("smtp_450", Blame.RECIPIENT)
DOUBT = Unknown("smtp_timeout_at_dot")


@pytest.mark.parametrize(
    ("outcomes", "trips"),
    [
        ([], False),
        ([YES], False),
        ([LOST], True),
        ([LOST, LOST], True),
        ([LOST, YES], False),
        ([US], False),
        ([US] * 3, True),
        ([US] * 16 + [YES], False),
        ([HER] * 16, False),
        ([GREY] * 16, False),
        ([LOST, HER], False),
        ([LOST, DOUBT], False),
    ],
)
def test_a_relay_is_left_alone_when_nothing_gets_through_and_it_is_to_blame(
    outcomes: list[Outcome], trips: bool
) -> None:
    assert breaker.trips(outcomes) is trips


@pytest.mark.parametrize(
    ("outcomes", "said"), [([YES], ""), ([HER, GREY], ""), ([YES, US, LOST], US.reason), ([DOUBT], "")]
)
def test_what_the_relay_is_to_blame_for_is_named(outcomes: list[Outcome], said: str) -> None:
    assert breaker.complaint(outcomes) == said


def test_the_breaker_closes_by_itself_and_knows_its_relay(journey: Journey) -> None:
    breaker.open_for_a_while(journey.app, "main")
    assert breaker.is_open(journey.app, "main")
    assert not breaker.is_open(journey.app, "other")
    journey.clock.advance(timedelta(seconds=journey.app.settings.breaker_seconds))
    assert not breaker.is_open(journey.app, "main")
