"""What the relay can do to us: refusals, silence, and connections that break at the worst moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
import structlog.testing

from aftercare.domain.outcomes import Outcome
from aftercare.flows import ambiguous, breaker, consent, pausing, sequences
from aftercare.mail.paths import templates_root
from aftercare.mail.senders.base import Outgoing, Sender
from aftercare.models import Clinic
from aftercare.store import consents, enrolments
from aftercare.testing.smtp import Fault, Step
from tests.journeys.harness import STRONG, Journey
from tests.journeys.versions import change_or_remove, publish

AFTER_THE_DOT = Fault(Step.DOT, drop=True, store=True)
BEFORE_THE_DOT = Fault(Step.CONTENT)


def _suppressed(journey: Journey, client: str) -> str | None:
    with journey.app.reading() as db:
        found = consents.suppression_of(db, journey.client(client))
    return found.reason if found else None


def _send_once_more(journey: Journey, client: str, step: str) -> None:
    found = next(row for row in journey.messages(client) if row.step_key == step)
    with journey.app.transaction() as db:
        ambiguous.settle(db, journey.clinic_id, found.id, send=True, by="sam", now=journey.now)


def _say_policy(journey: Journey, policy: str) -> None:
    files = sequences.read_folder(templates_root() / "sequences" / "en" / "after-your-visit")
    files = replace(files, raw=dict(files.raw) | {"ambiguous": policy})
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)


def test_an_address_that_does_not_exist_is_never_written_to_again(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    journey.server.fault(Fault(Step.RCPT, reply="550 5.1.1 no such user", to="maya@example.com", times=None))
    for client in (maya, ravi):
        journey.visit(client)
    journey.live(days=2)
    assert _suppressed(journey, maya) == "hard_bounce:smtp_550_5.1.1"
    fates = journey.fates(maya)
    assert fates.pop("evening-plan") == "failed: smtp_550_5.1.1"
    assert set(fates.values()) == {"cancelled: suppressed"}
    assert journey.note(journey.visit(maya)) == "suppressed"
    assert len(journey.mail(ravi)) == 2


def test_refusals_of_policy_blame_us_and_leave_the_relay_alone_for_a_while(journey: Journey) -> None:
    people = [journey.add_client(f"client{number}@example.com") for number in range(3)]
    journey.server.fault(Fault(Step.DOT, reply="550 5.7.515 sender reputation", times=6))
    for client in people:
        journey.visit(client)
    journey.live(hours=3)
    assert breaker.is_open(journey.app, "main")
    journey.sleep(minutes=2)
    assert not breaker.is_open(journey.app, "main")
    journey.live(days=14)
    for client in people:
        assert _suppressed(journey, client) is None
        assert journey.mail(client)[0] == "evening-plan Mon 23 17:20"
        assert len(journey.mail(client)) == 5


def test_a_relay_in_trouble_is_logged_once_a_batch_without_a_host_or_an_address(journey: Journey) -> None:
    for number in range(3):
        journey.visit(journey.add_client(f"client{number}@example.com"))
    journey.server.fault(Fault(Step.CONNECT, reply="421 4.7.0 too busy", times=1))
    with structlog.testing.capture_logs() as lines:
        journey.live(hours=3)
    [line] = [line for line in lines if line["event"] == "relay_failed"]
    assert line == {
        "event": "relay_failed",
        "log_level": "warning",
        "sender": "main",
        "reason": "smtp_421_4.7.0",
        "offered": 3,
    }


def test_an_open_breaker_does_not_open_a_connection(journey: Journey) -> None:
    maya = journey.add_client()
    journey.server.fault(Fault(Step.CONNECT, reply="421 4.7.0 too busy", times=None))
    journey.visit(maya)
    journey.live(hours=3)
    tried = journey.server.connections
    for _ in range(3):
        journey.app.sweep()
    assert (journey.server.connections, breaker.is_open(journey.app, "main")) == (tried, True)


def test_a_greylisted_email_is_tried_again_by_its_slots(journey: Journey) -> None:
    maya = journey.add_client()
    journey.server.fault(Fault(Step.RCPT, reply="450 4.2.0 greylisted", times=3))
    journey.visit(maya)
    journey.live(days=1)
    starts = [attempt.started_at for attempt in journey.attempts(maya)]
    gaps = [int((later - sooner) / timedelta(minutes=1)) for sooner, later in pairwise(starts)]
    assert gaps == [5, 15, 30]
    assert journey.mail(maya)[0] == "evening-plan Mon 23 17:50"


def test_retries_never_fall_into_quiet_hours_and_end_when_it_is_too_late(journey: Journey) -> None:
    maya = journey.add_client()
    journey.server.fault(Fault(Step.RCPT, reply="450 4.2.0 greylisted", times=12))
    journey.visit(maya)
    journey.live(days=2)
    hours = {attempt.started_at.hour for attempt in journey.attempts(maya)}
    assert hours <= set(range(8, 20))
    assert journey.fates(maya)["evening-plan"] == "skipped: expired"
    assert journey.mail(maya)


@pytest.mark.parametrize("fault", [BEFORE_THE_DOT, Fault(Step.DATA, drop=True), Fault(Step.RCPT, drop=True)])
def test_a_connection_lost_before_the_dot_delays_the_email_and_doubles_nothing(
    journey: Journey, fault: Fault
) -> None:
    maya = journey.add_client()
    journey.server.fault(fault)
    journey.visit(maya)
    journey.live(hours=5)
    assert [line.split()[0] for line in journey.mail(maya)] == ["evening-plan"]
    assert len(journey.server.received) == 1


def test_a_connection_lost_after_the_dot_repeats_the_same_bytes_once(journey: Journey) -> None:
    maya = journey.add_client()
    journey.server.fault(AFTER_THE_DOT)
    journey.visit(maya)
    journey.live(hours=3)
    assert journey.fates(maya)["evening-plan"].startswith("unknown")
    with journey.app.transaction() as db:
        clinic = db.get_one(Clinic, journey.clinic_id)
        clinic.sender_name, clinic.reply_to = "Somebody else", "else@example.com"
    journey.live(hours=1)
    first, second = (message.content for message in journey.server.received)
    assert first == second
    assert journey.mail(maya) == ["evening-plan Mon 23 17:10"]
    assert [attempt.possible_duplicate for attempt in journey.attempts(maya)] == [False, True]


def test_a_second_doubt_about_the_same_email_goes_to_staff(journey: Journey) -> None:
    maya = journey.add_client()
    journey.server.fault(Fault(Step.DOT, drop=True, store=True, times=2))
    journey.visit(maya)
    journey.live(hours=6)
    assert journey.fates(maya)["evening-plan"] == "held: ambiguous"
    journey.live(days=14)
    assert len(journey.server.received) == 2 + 4


@pytest.mark.parametrize(("policy", "fate"), [("hold", "held: ambiguous"), ("drop", "skipped: ambiguous")])
def test_a_doubtful_email_is_held_or_dropped_where_its_sequence_says_so(
    journey: Journey, policy: str, fate: str
) -> None:
    _say_policy(journey, policy)
    maya = journey.add_client()
    journey.server.fault(AFTER_THE_DOT)
    journey.visit(maya)
    journey.live(hours=6)
    assert journey.fates(maya)["evening-plan"] == fate
    assert len(journey.server.received) == 1


def test_a_stop_while_in_doubt_prevents_the_second_copy(journey: Journey) -> None:
    maya = journey.add_client()
    journey.server.fault(AFTER_THE_DOT)
    journey.visit(maya)
    journey.live(hours=3, minutes=1)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="page", now=journey.now)
    journey.live(days=1)
    assert len(journey.server.received) == 1
    assert journey.fates(maya)["evening-plan"].startswith("skipped")


def test_what_may_have_arrived_is_not_sent_anew_when_a_stop_is_taken_back(journey: Journey) -> None:
    _say_policy(journey, "hold")
    maya = journey.add_client()
    journey.server.fault(AFTER_THE_DOT)
    journey.visit(maya)
    journey.live(hours=4)
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="page", now=journey.now)
        consent.undo_opt_out(db, maya, "aftercare", now=journey.now)
    journey.live(hours=1)
    assert len(journey.server.received) == 1
    assert journey.fates(maya)["evening-plan"] == "skipped: opted_out"


def test_an_email_that_waits_for_staff_does_not_silence_later_visits(journey: Journey) -> None:
    maya = journey.add_client()
    journey.server.fault(Fault(Step.DOT, drop=True, store=True, times=2))
    journey.visit(maya, STRONG)
    journey.live(days=15)
    assert "held: ambiguous" in journey.fates(maya).values()
    assert journey.note(journey.visit(maya)) == "planned"


def test_the_last_email_of_a_run_that_is_over_goes_once_more_when_staff_say_so(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(days=9)
    journey.server.fault(Fault(Step.DOT, drop=True, store=True, times=2))
    journey.live(days=1)
    assert journey.fates(maya)["how-are-things"] == "held: ambiguous"
    _send_once_more(journey, maya, "how-are-things")
    with journey.app.reading() as db:
        until = journey.now.date() + timedelta(days=3)
        meaning = pausing.what_pause_means(db, journey.clinic_id, maya, until, now=journey.now)
    assert [email.step for email in meaning.left_out] == ["how-are-things"]
    journey.live(hours=1)
    assert journey.fates(maya)["how-are-things"] == "sent"
    with journey.app.reading() as db:
        assert enrolments.active(db, maya) == []


def test_what_staff_send_once_more_is_called_a_possible_copy_and_a_move_mints_no_other(
    journey: Journey,
) -> None:
    _say_policy(journey, "hold")
    maya = journey.add_client()
    journey.server.fault(AFTER_THE_DOT)
    journey.visit(maya)
    journey.live(hours=4)
    _send_once_more(journey, maya, "evening-plan")
    publish(journey, partial(change_or_remove, number=4, days=8), in_flight="move")
    journey.live(hours=1)
    assert len(journey.server.received) == 2
    assert len({message.message_id for message in journey.server.received}) == 1
    assert [attempt.possible_duplicate for attempt in journey.attempts(maya)] == [False, True]


def test_what_was_accepted_before_a_sender_failed_is_written_down_and_not_sent_again(
    journey: Journey,
) -> None:
    clients = [journey.add_client(), journey.add_client("ravi@example.com")]
    for client in clients:
        journey.visit(client)
    smtp = journey.app.sender("main")
    journey.app.senders["main"] = _Stumbling(smtp)
    with pytest.raises(RuntimeError, match="stumbled"):
        journey.live(hours=3)
    journey.app.waiting.clear()
    assert sorted(journey.fates(client)["evening-plan"] for client in clients) == ["sent", "transmitting"]
    journey.app.senders["main"] = smtp
    journey.live(minutes=3)
    journey.live(minutes=30)
    assert [len(journey.mail(client)) for client in clients] == [1, 1]
    assert len(journey.server.received) == 2


@dataclass
class _Stumbling:
    """Sends the first message of a batch and fails in the middle of the second."""

    inner: Sender

    def send(self, batch: Sequence[Outgoing]) -> Iterator[tuple[str, Outcome]]:
        yield from self.inner.send(batch[:1])
        raise RuntimeError("stumbled")

    def close(self) -> None:
        self.inner.close()
