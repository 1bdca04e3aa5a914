"""What follows the contacts: an email after a call, however late that is recorded, and none after a stop."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from aftercare.flows import clients, consent, life_events, support_mail, support_path
from aftercare.store import alerts, consents
from aftercare.store import clients as rows
from tests.journeys.harness import Journey
from tests.journeys.test_support_path import maya, say

__all__ = ["maya"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FRIDAY_8 = datetime(2026, 11, 27, 8, tzinfo=UTC)
"""The call was asked for on Tuesday at ten, so the follow-up would have come on Thursday at ten."""


def spoken(journey: Journey, client_id: str) -> None:
    """Somebody records that they have spoken with her."""
    with journey.app.transaction() as db:
        alert = alerts.open_of(db, client_id)
        assert alert is not None
        support_path.record_call(db, journey.clinic_id, alert.id, by="staff:sam", now=journey.now)


def stops(journey: Journey, client_id: str) -> None:
    """She leaves by the link of that email."""
    with journey.app.transaction() as db:
        consent.opt_out(db, client_id, "aftercare", source="page", now=journey.now)


def takes_the_stop_back(journey: Journey, client_id: str) -> None:
    """She leaves, and undoes it."""
    stops(journey, client_id)
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, client_id, "aftercare", now=journey.now)


def complains(journey: Journey, client_id: str) -> None:
    """A complaint is open."""
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, client_id, reason="complaint_open", by="sam", now=journey.now)


def bounces(journey: Journey, client_id: str) -> None:
    """Her address takes no emails any more."""
    with journey.app.transaction() as db:
        row = rows.lock(db, client_id)
        consents.suppress(db, row, reason="hard_bounce", by="engine", now=journey.now)


def nothing(journey: Journey, client_id: str) -> None:
    """Nothing happens."""


def emails(journey: Journey, client_id: str) -> list[str]:
    """Her emails of the support path."""
    kinds = ("contacts-", "following-up")
    return [line for line in journey.mail(client_id) if line.startswith(kinds)]


CONTACTS = "contacts-you-asked-for Tue 24 10:01"


@pytest.mark.parametrize("early", [True, False], ids=["recorded at once", "recorded on Friday"])
@pytest.mark.parametrize(
    ("meanwhile", "follows"),
    [
        (nothing, True),
        (stops, False),
        (takes_the_stop_back, True),
        (complains, False),
        (bounces, False),
    ],
)
def test_the_follow_up_comes_after_the_call_unless_she_said_stop(
    journey: Journey, maya: str, meanwhile: Callable[[Journey, str], None], *, early: bool, follows: bool
) -> None:
    say(journey, maya, "call")
    journey.live(hours=1)
    if early:
        spoken(journey, maya)
    meanwhile(journey, maya)
    journey.live_until(FRIDAY_8)
    spoken(journey, maya)
    journey.live(days=5)
    comes = "following-up Thu 26 10:00" if early else "following-up Fri 27 10:00"
    assert emails(journey, maya) == [CONTACTS, comes][: 2 if follows else 1]


def test_a_stop_of_long_ago_is_no_stop_of_what_she_asks_for_now_but_a_new_one_is(
    journey: Journey, maya: str
) -> None:
    stops(journey, maya)
    say(journey, maya, "call")
    journey.live(hours=1)
    spoken(journey, maya)
    assert journey.fates(maya)["following-up"] == "planned"
    stops(journey, maya)
    journey.live(days=5)
    assert emails(journey, maya) == [CONTACTS]
    assert journey.fates(maya)["following-up"] == "skipped: opted_out"


def test_a_stop_that_is_taken_back_after_the_call_brings_the_follow_up(journey: Journey, maya: str) -> None:
    say(journey, maya, "call")
    stops(journey, maya)
    spoken(journey, maya)
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, maya, "aftercare", now=journey.now)
    journey.live(days=5)
    assert emails(journey, maya) == [CONTACTS, "following-up Thu 26 10:00"]


def test_the_contacts_still_come_where_she_said_stop_before_they_left(journey: Journey, maya: str) -> None:
    journey.clock.advance(support_path.AGAIN_AFTER)
    with journey.app.transaction() as db:
        support_path.begin_by_hand(db, journey.clinic_id, maya, by="staff:sam", now=journey.now)
    stops(journey, maya)
    spoken(journey, maya)
    journey.live(days=5)
    assert [line.split()[0] for line in emails(journey, maya)] == ["contacts-for-you"]


@pytest.mark.parametrize("reason", ["stop_now", "died"])
@pytest.mark.parametrize("when", ["before the contacts left", "after it"])
def test_a_stop_of_everything_that_was_a_mistake_brings_the_contacts_that_never_came(
    journey: Journey, maya: str, when: str, reason: str
) -> None:
    def stop() -> None:
        with journey.app.transaction() as db:
            life_events.stop_everything(db, journey.clinic_id, maya, reason, by="staff:sam", now=journey.now)

    if when == "before the contacts left":
        stop()
    say(journey, maya, "call")
    stop()
    journey.live(hours=30)
    with journey.app.transaction() as db:
        life_events.take_stop_back(db, journey.clinic_id, maya, by="staff:sam", now=journey.now)
    journey.live(minutes=2)
    late = "contacts-you-asked-for Wed 25 16:01"
    assert emails(journey, maya) == [late if when == "before the contacts left" else CONTACTS]
    spoken(journey, maya)
    journey.live(days=4)
    assert emails(journey, maya)[-1].startswith("following-up")


def test_contacts_that_could_not_be_sent_are_known_and_go_by_a_button(journey: Journey, maya: str) -> None:
    bounces(journey, maya)
    say(journey, maya, "call")
    with journey.app.transaction() as db:
        alert = alerts.open_of(db, maya)
        assert alert is not None
        assert support_mail.contacts_of(db, rows.lock(db, maya), alert) == "none"
        assert not support_path.send_contacts(db, journey.clinic_id, alert.id, by="s", now=journey.now)
        clients.correct(db, journey.clinic_id, maya, email="new@example.com", by="s", now=journey.now)
    for _ in range(2):
        with journey.app.transaction() as db:
            support_path.send_contacts(db, journey.clinic_id, alert.id, by="s", now=journey.now)
    journey.live(minutes=2)
    assert emails(journey, maya) == [CONTACTS]
