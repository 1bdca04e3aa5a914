"""Nobody is written to who has not said yes, or who has said stop."""

from email import message_from_bytes
from email.policy import default

import pytest

from aftercare.flows import consent
from aftercare.store import clients, consents
from tests.journeys.harness import STRONG, Journey


def _stop(journey: Journey, client: str, topic: str = "aftercare") -> None:
    with journey.app.transaction() as db:
        consent.opt_out(db, client, topic, source="page", now=journey.now)


def _undo(journey: Journey, client: str) -> None:
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, client, "aftercare", now=journey.now)


def test_without_consent_nothing_is_planned_and_staff_see_why(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    session = journey.visit(maya)
    assert (journey.messages(maya), journey.note(session)) == ([], "no_consent")


def test_consent_that_is_withdrawn_behind_the_plan_sends_nothing(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    with journey.app.transaction() as db:
        consents.record(
            db,
            clients.lock(db, maya),
            "aftercare",
            given=False,
            source="import",
            wording="no",
            by="import",
            now=journey.now,
        )
    journey.live(days=14)
    assert set(journey.fates(maya).values()) == {"skipped: no_consent"}


def test_a_stop_cancels_the_rest_and_its_undo_brings_back_what_is_not_too_late(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya, STRONG)
    journey.live(days=1)
    _stop(journey, maya)
    assert list(journey.fates(maya).values()).count("cancelled: opted_out") == 4
    journey.live(days=2)
    assert len(journey.mail(maya)) == 2
    _undo(journey, maya)
    journey.live(days=14)
    assert journey.mail(maya)[2:] == [
        "steady-evening Thu 26 14:00",
        "easy-movement Fri 27 10:00",
        "one-week-on Mon 30 10:00",
        "page-for-later Mon 07 18:00",
    ]


def test_a_stop_of_everything_stops_and_a_stop_of_another_topic_does_not(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    for client, topic in ((maya, "*"), (ravi, "newsletter")):
        journey.visit(client)
        _stop(journey, client, topic)
    journey.live(days=14)
    assert (len(journey.mail(maya)), len(journey.mail(ravi))) == (0, 5)


def test_a_session_after_a_stop_is_not_followed(journey: Journey) -> None:
    maya = journey.add_client()
    _stop(journey, maya)
    session = journey.visit(maya)
    assert journey.note(session) == "no_consent"


@pytest.mark.parametrize(
    ("topics", "told"), [(["aftercare"], False), (["aftercare", "staying-in-touch"], True)]
)
def test_only_who_agreed_to_hear_more_reads_a_word_on_booking(
    journey: Journey, topics: list[str], told: bool
) -> None:
    journey.visit(journey.add_client(topics=topics))
    journey.live(days=11)
    last = message_from_bytes(journey.server.received[-1].content, policy=default)
    assert last["Subject"] == "How are things?"
    for part in last.iter_parts():
        assert ("come again" in " ".join(str(part.get_content()).split())) is told
