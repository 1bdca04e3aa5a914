"""Exact copies of what left."""

from dataclasses import replace

import pytest

from aftercare.errors import Conflict, NotFound
from aftercare.flows import clinics
from aftercare.flows.clients import NewClient, add_client
from aftercare.flows.copies import exact_copy
from aftercare.models import Client, Clinic
from aftercare.testing.smtp import Fault, Step
from tests.factories import CLINIC
from tests.journeys.harness import STRONG, Journey

CAST = (
    ("maya@example.com", "Maya", "Europe/London", "GB"),
    ("zoe@bücher.example", "", "Europe/Berlin", "DE"),
    ("shira@example.com", "שירה", "America/New_York", "US"),
    ("ana@example.com", "Ana 🌿", "Australia/Sydney", None),
)


def people(journey: Journey) -> list[str]:
    """Clients of all kinds, each after a session; every second one had a hard time."""
    ids = []
    for number, (email, name, zone, country) in enumerate(CAST):
        new = NewClient(email, name, zone, country, "en", ("aftercare",), "intake form", "Yes.")
        with journey.app.transaction() as db:
            ids.append(add_client(db, journey.clinic_id, new, by="test", now=journey.now).id)
        journey.visit(ids[-1], STRONG if number % 2 else "ordinary")
    return ids


def copies(journey: Journey, client_ids: list[str]) -> dict[str, bytes]:
    """The copy of everything that these people were sent, by its Message-ID."""
    sent = [row for client_id in client_ids for row in journey.messages(client_id) if row.sent_at]
    with journey.app.reading() as db:
        return {
            str(row.mime_message_id): exact_copy(db, journey.app, journey.clinic_id, row.id) for row in sent
        }


def received(journey: Journey) -> dict[str, bytes]:
    """What the mail server took, by its Message-ID."""
    return {one.message_id: one.content for one in journey.server.received}


def test_a_copy_is_what_the_mail_server_took_to_the_byte(journey: Journey) -> None:
    clients = people(journey)
    journey.visit(clients[0])  # a regular's reading, with other cards
    journey.live(days=14)
    assert len(received(journey)) > 15
    assert copies(journey, clients) == received(journey)


def test_a_copy_stays_the_same_whatever_changes_afterwards(journey: Journey) -> None:
    clients = people(journey)
    journey.live(days=3)
    with journey.app.transaction() as db:
        clinic = db.get_one(Clinic, journey.clinic_id)
        clinic.name = clinic.sender_name = "Another Name"
        clinic.colours = {"brand": "#7a3b00"}
        clinic.reply_to = clinic.sender_address = "new@willow.example.com"
        for client_id in clients:
            client = db.get_one(Client, client_id)
            client.email = client.email_key = f"moved-{client_id}@example.org"
            client.first_name, client.timezone, client.country = "Other", "Asia/Tokyo", "IE"
            client.token_epoch += 1
    journey.app.skeletons.clear()
    assert copies(journey, clients) == received(journey)


def test_of_an_email_that_was_refused_at_an_old_address_the_copy_has_the_new_one(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.server.fault(Fault(Step.DOT, reply="451 4.3.0 later"))
    journey.live(hours=3, seconds=1)
    with journey.app.transaction() as db:
        client = db.get_one(Client, maya)
        client.email = client.email_key = "maya.new@example.com"
    journey.live(hours=2)
    [letter] = journey.server.received
    assert letter.rcpt_tos == ("maya.new@example.com",)
    assert copies(journey, [maya]) == {letter.message_id: letter.content}


def test_there_is_no_copy_of_what_did_not_leave_or_is_another_clinics(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=4)
    with journey.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC, name="Elsewhere"), by="test", now=journey.now)
    sent, planned = journey.messages(maya)[:2]
    for clinic_id, message_id in ((journey.clinic_id, planned.id), (other.id, sent.id), (other.id, "msg_")):
        with journey.app.reading() as db, pytest.raises(NotFound):
            exact_copy(db, journey.app, clinic_id, message_id)


def test_a_secret_key_that_was_thrown_away_is_named(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=4)
    journey.app.secret_keys, journey.app.current_key = {2: b"x" * 40}, 2
    del journey.app.token_keys
    with journey.app.reading() as db, pytest.raises(Conflict, match="AFTERCARE_SECRET_KEY"):
        exact_copy(db, journey.app, journey.clinic_id, journey.messages(maya)[0].id)
