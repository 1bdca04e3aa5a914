"""Somebody would like a call, and the first person who should hear of it cannot."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.flows import checkins, clinics, today
from aftercare.models import Client, Staff
from aftercare.store import alerts, consents
from tests.journeys.harness import Journey
from tests.journeys.test_support_path import NOOR, QUESTION, SAM, maya, plain, say, to

__all__ = ["maya"]


def bounced(journey: Journey, address: str) -> None:
    """The address of this colleague takes no emails any more."""
    with journey.app.transaction() as db:
        query = select(Client).join(Staff, Staff.id == Client.staff_id).where(Staff.email == address)
        row = db.scalars(query).one()
        consents.suppress(db, row, reason="hard_bounce", by="engine", now=journey.now)


def test_the_second_contact_is_told_at_once_where_the_first_one_takes_no_emails(
    journey: Journey, maya: str
) -> None:
    bounced(journey, SAM)
    say(journey, maya, "call")
    assert (len(to(journey, SAM)), len(to(journey, NOOR))) == (0, 1)


def test_the_second_contact_is_told_at_once_where_the_first_email_comes_to_nothing(
    journey: Journey, maya: str
) -> None:
    message = next(row for row in journey.messages(maya) if row.step_key == QUESTION)
    with journey.app.transaction() as db:
        checkins.answer(db, maya, message.id, "call", "", now=journey.now)
    bounced(journey, SAM)
    journey.live(minutes=2)
    assert (len(to(journey, SAM)), len(to(journey, NOOR))) == (0, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("when", "reached", "said"),
    [
        (timedelta(0), True, "As this email leaves, we are open until 17:00. Sam rings you."),
        (
            timedelta(hours=6, minutes=30),
            True,
            "As this email leaves, we are open until 17:00. Sam rings you by then, or Wednesday from 09:00.",
        ),
        (timedelta(hours=8), True, "we are closed. Sam rings Wednesday from 09:00."),
        (timedelta(days=4), True, "we are closed. Sam rings Monday from 09:00."),
        (timedelta(0), False, "Please ring us on 0113 496 0000."),
    ],
)
def test_the_contacts_say_who_rings_and_when_or_that_she_had_better_ring(
    journey: Journey, maya: str, when: timedelta, *, reached: bool, said: str
) -> None:
    journey.clock.advance(when)
    if not reached:
        bounced(journey, SAM)
        bounced(journey, NOOR)
    say(journey, maya, "call")
    contacts = plain(to(journey, "maya@example.com")[-1])
    assert "You asked us to ring you." in contacts
    assert said in contacts


def test_today_says_so_where_nobody_could_be_told_and_tells_whoever_comes(
    journey: Journey, maya: str
) -> None:
    for address in (SAM, NOOR):
        bounced(journey, address)
    say(journey, maya, "call")
    journey.live(minutes=5)
    with journey.app.reading() as db:
        alert = alerts.open_of(db, maya)
        found = today.read_today(db, journey.clinic_id, now=journey.now, unshifted=journey.now)
    assert alert is not None
    assert found.untold == {alert.id}
    assert alert.escalated_at is None
    with journey.app.transaction() as db:
        clinics.add_staff(
            db,
            journey.clinic_id,
            first_name="Ada",
            email="ada@example.com",
            role="owner",
            by="o",
            now=journey.now,
        )
    journey.live_until(journey.now + timedelta(minutes=5))
    assert len(to(journey, "ada@example.com")) >= 1
