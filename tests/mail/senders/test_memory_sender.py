from aftercare.domain.outcomes import Accepted, Blame, Transient, Unknown
from aftercare.mail.senders.base import Outgoing, Sender
from aftercare.mail.senders.memory import ACCEPTED, MemorySender

LATER = Transient("smtp_450_4.2.2", Blame.RECIPIENT)


def outgoing(key: str, to: str = "ann@example.org") -> Outgoing:
    return Outgoing(key, "b@clinic.example", to, b"Subject: x\r\n\r\nHello\r\n")


def test_it_keeps_what_it_is_given_and_answers_in_order() -> None:
    sender: Sender = MemorySender()
    assert list(sender.send([outgoing("a"), outgoing("b")])) == [("a", ACCEPTED), ("b", ACCEPTED)]


def test_a_script_by_key_wins_over_one_by_recipient_and_runs_out() -> None:
    sender = MemorySender()
    sender.answer("a", LATER)
    sender.answer("ann@example.org", Unknown("lost"))
    answers = [outcome for _ in range(3) for _, outcome in sender.send([outgoing("a")])]
    assert answers == [LATER, Unknown("lost"), ACCEPTED]
    assert len(sender.attempted) == 3
    assert len(sender.accepted) == 1


def test_what_is_not_scripted_gets_the_other_answer() -> None:
    sender = MemorySender(otherwise=Accepted("queued"))
    assert dict(sender.send([outgoing("z")])) == {"z": Accepted("queued")}
