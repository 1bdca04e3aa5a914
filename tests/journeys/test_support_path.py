"""Somebody would like a call: told within a minute, held until a person releases, and never described."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from aftercare.domain.outcomes import Outcome
from aftercare.domain.states import MessageState
from aftercare.flows import breaker, checkins, clients, clinics, consent, duty, support_path
from aftercare.mail.senders.base import Outgoing, Sender
from aftercare.models import Alert, Client, Message, Staff
from aftercare.store import alerts, recipients
from aftercare.testing.smtp import Received
from tests.flows.crowd import add_crowd
from tests.journeys.harness import MONDAY_14, STRONG, Journey

QUESTION = "checking-in"
SAM, NOOR = "sam@example.com", "noor@example.com"


@pytest.fixture
def maya(journey: Journey) -> str:
    """A client after strong feelings, on the Tuesday at 10:00 when she has been asked how she is. Noor is the
    second contact."""
    with journey.app.transaction() as db:
        noor = clinics.add_staff(
            db, journey.clinic_id, first_name="Noor", email=NOOR, role="therapist", by="sam", now=journey.now
        )
        duty.set_contacts(db, journey.clinic_id, journey.therapist_id, noor.id, by="sam", now=journey.now)
    client_id = journey.add_client()
    journey.visit(client_id, STRONG)
    journey.live_until(MONDAY_14 + timedelta(hours=20, minutes=1))
    assert QUESTION in journey.mail(client_id)[-1]
    return client_id


def say(journey: Journey, client_id: str, answer: str, note: str = "", step: str = QUESTION) -> None:
    """She answers, as her page does."""
    answer_only(journey, client_id, answer, note, step)
    journey.app.submit("sweep")
    journey.app.drain()


def answer_only(journey: Journey, client_id: str, answer: str, note: str = "", step: str = QUESTION) -> None:
    """She answers, and no worker hears of it."""
    message = next(row for row in journey.messages(client_id) if row.step_key == step)
    with journey.app.transaction() as db:
        checkins.answer(db, client_id, message.id, answer, note, now=journey.now)


def to(journey: Journey, address: str) -> list[Received]:
    """What arrived at this address."""
    return [one for one in journey.server.received if list(one.rcpt_tos) == [address]]


def alert_of(journey: Journey, client_id: str) -> Alert:
    """Her newest alert."""
    with journey.app.reading() as db:
        return alerts.of_client(db, client_id)[-1]


def plain(mail: Received) -> str:
    """Its text on one line."""
    body = message_from_bytes(mail.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def told_at(journey: Journey, address: str) -> list[datetime]:
    """When this colleague was told."""
    query = (
        select(Message.sent_at)
        .join(Client, Client.id == Message.client_id)
        .join(Staff, Staff.id == Client.staff_id)
        .where(Staff.email == address, Message.state == MessageState.SENT)
        .order_by(Message.sent_at)
    )
    with journey.app.reading() as db:
        return [at for at in db.scalars(query) if at]


def test_the_duty_contact_is_told_within_a_minute_and_the_bytes_say_nothing_of_anybody(
    journey: Journey, maya: str
) -> None:
    asked = journey.now
    say(journey, maya, "call", "My mother is not well. Ring 07700 900123 after four.")
    [alert] = to(journey, SAM)
    assert told_at(journey, SAM)[0] - asked < timedelta(seconds=60)
    assert b"Someone would like a call back" in alert.content
    for secret in (
        b"Maya",
        b"maya",
        b"mother",
        b"900123",
        b"tender",
        b"feelings",
        maya.encode(),
        b"/clients/",
    ):
        assert secret not in alert.content
    assert to(journey, NOOR) == []
    said = plain(alert)
    assert "You get this email because you are told at Willow Lane Clinic" in said
    for foot in ("Unsubscribe", "Email settings", "medical", "/u/", "/s/", "/v/"):
        assert foot not in said
    assert b"List-Unsubscribe" not in alert.content


def test_a_duty_contact_who_stopped_her_emails_is_told_all_the_same(journey: Journey, maya: str) -> None:
    with journey.app.transaction() as db:
        sam = recipients.of_staff(db, journey.therapist_id)
        assert sam is not None
        consent.opt_out(db, sam.id, consent.EVERYTHING, source="settings_page", now=journey.now)
    say(journey, maya, "call")
    assert len(to(journey, SAM)) == 1


@dataclass
class Interrupting:
    """Hands emails on; before the first of them somebody would like a call."""

    inner: Sender
    happens: Callable[[], None]

    def send(self, batch: Sequence[Outgoing]) -> Iterator[tuple[str, Outcome]]:
        self.happens()
        self.happens = lambda: None
        yield from self.inner.send(batch)

    def close(self) -> None:
        self.inner.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_alert_waits_neither_behind_a_long_line_nor_behind_a_breaker(journey: Journey, maya: str) -> None:
    add_crowd(journey, 60, "one-of-many@example.com")
    journey.clock.advance(timedelta(hours=3))
    before, app = len(journey.server.received), journey.app
    main = app.sender("main")
    app.senders["main"] = Interrupting(main, lambda: answer_only(journey, maya, "call"))
    app.sweep()
    app.senders["main"] = main
    arrived = [one.rcpt_tos[0] for one in journey.server.received[before:]]
    assert len(arrived) > 60
    assert arrived.index(SAM) <= app.settings.wire_limit + 1
    breaker.open_for_a_while(app, "main")
    with app.transaction() as db:
        alert = alerts.open_of(db, maya)
        assert alert is not None
        support_path.acknowledge(db, journey.clinic_id, alert.id, by="staff:gone", now=journey.now)
        support_path.hand_over(db, journey.clinic_id, now=journey.now)
    app.sweep()
    assert len(to(journey, SAM)) == 2


def test_her_other_emails_wait_and_the_contacts_leave_at_once(journey: Journey, maya: str) -> None:
    say(journey, maya, "call")
    journey.live(days=3)
    assert journey.mail(maya)[-1].startswith("contacts-you-asked-for Tue 24")
    assert journey.fates(maya)["steady-evening"] == "held: held"
    assert journey.client(maya).held_reason == "support_path"


def test_after_two_working_hours_the_second_contact_is_told_once(journey: Journey, maya: str) -> None:
    journey.live_until(datetime(2026, 11, 24, 16, 30, tzinfo=UTC))
    say(journey, maya, "call")
    journey.live_until(datetime(2026, 11, 25, 10, 29, tzinfo=UTC))
    assert told_at(journey, NOOR) == []
    journey.live(days=2)
    assert told_at(journey, NOOR) == [datetime(2026, 11, 25, 10, 30, tzinfo=UTC)]
    assert len(told_at(journey, SAM)) == 1


def test_who_takes_it_on_is_recorded_and_nobody_else_is_told(journey: Journey, maya: str) -> None:
    say(journey, maya, "call")
    journey.live(minutes=12)
    with journey.app.transaction() as db:
        alert = alerts.open_of(db, maya)
        assert alert is not None
        for by in ("staff:first", "staff:second"):
            support_path.acknowledge(db, journey.clinic_id, alert.id, by=by, now=journey.now)
    journey.live(days=1)
    found = alert_of(journey, maya)
    assert found.acknowledged_by == "staff:first"
    assert found.acknowledged_at is not None
    assert found.acknowledged_at - found.raised_at == timedelta(minutes=12)
    assert told_at(journey, NOOR) == []


def test_the_promised_email_follows_a_call_and_only_a_release_lets_the_others_go_on(
    journey: Journey, maya: str
) -> None:
    say(journey, maya, "call")
    with journey.app.transaction() as db:
        alert = alerts.open_of(db, maya)
        assert alert is not None
        support_path.record_call(db, journey.clinic_id, alert.id, by="staff:sam", now=journey.now)
    journey.live(days=2, hours=23)
    assert journey.mail(maya)[-1] == "following-up Thu 26 10:00"
    with journey.app.transaction() as db:
        clients.release(db, journey.clinic_id, maya, by="staff:sam", now=journey.now)
    journey.live(days=10)
    found = alert_of(journey, maya)
    assert (found.spoken_by, found.closed_by) == ("staff:sam", "staff:sam")
    assert journey.fates(maya)["steady-evening"] == "skipped: expired"
    assert "easy-movement Fri 27 10:00" in journey.mail(maya)


def test_answers_change_and_a_bit_wobbly_holds_nothing(journey: Journey, maya: str) -> None:
    say(journey, maya, "fine")
    say(journey, maya, "wobbly", "Slept badly")
    assert journey.client(maya).held_at is None
    assert told_at(journey, SAM) == []
    say(journey, maya, "call")
    say(journey, maya, "call")
    assert len(told_at(journey, SAM)) == 1
    say(journey, maya, "fine")
    assert alert_of(journey, maya).closed_at is None, "a person decides, not a second answer"


def test_a_new_wish_after_somebody_took_the_first_on_is_heard(journey: Journey, maya: str) -> None:
    say(journey, maya, "call")
    with journey.app.transaction() as db:
        alert = alerts.open_of(db, maya)
        assert alert is not None
        support_path.acknowledge(db, journey.clinic_id, alert.id, by="staff:sam", now=journey.now)
    journey.live(hours=1)
    say(journey, maya, "fine")
    say(journey, maya, "call")
    assert len(told_at(journey, SAM)) == 2
    assert alert_of(journey, maya).acknowledged_at is None


def test_when_the_duty_contact_leaves_the_second_one_hears(journey: Journey, maya: str) -> None:
    with journey.app.transaction() as db:
        clinics.leave(db, journey.clinic_id, SAM, by="noor", now=journey.now)
    say(journey, maya, "call")
    assert len(told_at(journey, NOOR)) == 1


def test_a_program_cannot_release_who_would_like_a_call(journey: Journey, maya: str) -> None:
    say(journey, maya, "call")
    with journey.app.transaction() as db, pytest.raises(support_path.Conflict):
        clients.release(db, journey.clinic_id, maya, by="token:tok_1", now=journey.now)
