"""The phase truth table: three messages, a fault at the second, with and without PIPELINING."""

from collections.abc import Sequence

import pytest
from posting import FOREVER, IMPATIENT, PATIENT, outgoing, sender_to

from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown
from aftercare.mail.senders.smtp import GIVEN_UP
from aftercare.testing.smtp import Fault, RecordingServer, Script, Step

KEPT = Accepted("smtp_250_2.0.0")
SECOND = "r1@example.org"

pytestmark = pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "one by one"])


def at(step: Step, reply: str = "", *, drop: bool = False, store: bool = False, delay: float = 0) -> Fault:
    if step is Step.MAIL:  # comes before the recipient is known
        return Fault(step, reply, drop=drop, delay=delay, skip=1)
    return Fault(step, reply, drop=drop, store=store, delay=delay, to=SECOND)


def lost(reason: str) -> Transient:
    return Transient(reason, Blame.CONNECTION)


TRUTH: Sequence[tuple[Fault, Outcome, int]] = [  # the fault, what becomes of the second message, connections
    (at(Step.MAIL, "550 5.7.1 no"), Permanent("smtp_550_5.7.1", Blame.SENDER), 1),
    (at(Step.MAIL, "451 4.3.0 no"), lost("smtp_451_4.3.0"), 1),
    (at(Step.MAIL, "421 4.3.2 enough for one connection"), KEPT, 2),
    (at(Step.MAIL, drop=True), KEPT, 2),
    (at(Step.RCPT, "550 5.1.1 <r1@example.org>"), Permanent("smtp_550_5.1.1", Blame.RECIPIENT), 1),
    (at(Step.RCPT, "550-5.7.1 two\r\n550 5.7.1 lines"), Permanent("smtp_550_5.7.1", Blame.SENDER), 1),
    (at(Step.RCPT, "452 4.2.2 full"), Transient("smtp_452_4.2.2", Blame.RECIPIENT), 1),
    (at(Step.RCPT, "421 4.3.2 bye"), lost("smtp_421_4.3.2"), 2),
    (at(Step.RCPT, drop=True), lost("smtp_dropped_at_rcpt"), 2),
    (at(Step.RCPT, delay=FOREVER), lost("smtp_timeout_at_rcpt"), 2),
    (at(Step.RCPT, "what?"), lost("smtp_garbled_at_rcpt"), 2),
    (at(Step.DATA, "451 4.3.0 later"), lost("smtp_451_4.3.0"), 1),
    (at(Step.DATA, "554 5.7.1 no"), Permanent("smtp_554_5.7.1", Blame.SENDER), 1),
    (at(Step.DATA, "250 an answer to what?"), lost("smtp_250"), 2),
    (at(Step.DATA, drop=True), lost("smtp_dropped_at_data"), 2),
    (at(Step.DATA, delay=FOREVER), lost("smtp_timeout_at_data"), 2),
    (at(Step.DOT, "554 5.6.0 bad"), Permanent("smtp_554_5.6.0", Blame.CONTENT), 1),
    (at(Step.DOT, "550 5.7.515 no"), Permanent("smtp_550_5.7.515", Blame.SENDER), 1),
    (at(Step.DOT, "452 4.3.1 disk"), lost("smtp_452_4.3.1"), 1),
    (at(Step.DOT, "421 4.3.2 bye"), lost("smtp_421_4.3.2"), 2),
    (at(Step.DOT, drop=True), Unknown("smtp_dropped_at_dot"), 2),
    (at(Step.DOT, drop=True, store=True), Unknown("smtp_dropped_at_dot"), 2),
    (at(Step.DOT, delay=FOREVER, store=True), Unknown("smtp_timeout_at_dot"), 2),
    (at(Step.DOT, "what?"), Unknown("smtp_garbled_at_dot"), 2),
    (at(Step.DOT, "354 more?"), Unknown("smtp_354"), 2),
]


@pytest.mark.parametrize(("fault", "outcome", "connections"), TRUTH)
def test_a_fault_is_the_fate_of_one_message_and_of_no_other(
    pipelining: bool, fault: Fault, outcome: Outcome, connections: int
) -> None:
    with RecordingServer(Script(pipelining=pipelining, faults=[fault])) as server:
        sender = sender_to(server.url, IMPATIENT if fault.delay else PATIENT)
        fates = list(sender.send([outgoing(0), outgoing(1), outgoing(2)]))
        arrived = [message.rcpt_tos[0] for message in server.received]
    assert fates == [("m0", KEPT), ("m1", outcome), ("m2", KEPT)]
    assert server.connections == connections
    stored = outcome == KEPT or fault.store
    assert arrived == ["r0@example.org"] + [SECOND] * stored + ["r2@example.org"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("", lost("smtp_dropped_in_content")),
        ("552 5.3.4 too big", Permanent("smtp_552_5.3.4", Blame.CONTENT)),
        ("250 before the dot was even sent", lost("smtp_dropped_in_content")),
    ],
)
def test_a_server_that_hangs_up_before_the_dot_accepted_nothing(
    pipelining: bool, reply: str, outcome: Outcome
) -> None:
    more_than_any_socket_buffer = b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * 400_000
    with RecordingServer(Script(pipelining=pipelining, faults=[at(Step.CONTENT, reply)])) as server:
        batch = [outgoing(0), outgoing(1, more_than_any_socket_buffer), outgoing(2)]
        fates = list(sender_to(server.url).send(batch))
    assert fates == [("m0", KEPT), ("m1", outcome), ("m2", KEPT)]
    assert len(server.received) == 2


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        (Fault(Step.MAIL, "421 4.3.2 bye", times=None), lost("smtp_421_4.3.2")),
        (Fault(Step.MAIL, drop=True, times=None), lost("smtp_dropped_at_mail")),
        (Fault(Step.DOT, drop=True, times=None), Unknown("smtp_dropped_at_dot")),
    ],
)
def test_after_two_broken_connections_the_rest_comes_back_unoffered(
    pipelining: bool, fault: Fault, first: Outcome
) -> None:
    with RecordingServer(Script(pipelining=pipelining, faults=[fault])) as server:
        fates = list(sender_to(server.url).send([outgoing(number) for number in range(4)]))
    assert fates == [("m0", first), ("m1", first), ("m2", GIVEN_UP), ("m3", GIVEN_UP)]
    assert server.connections == 2


def test_a_relay_that_takes_few_messages_per_connection_is_given_more_connections(pipelining: bool) -> None:
    limits = [Fault(Step.MAIL, "421 4.7.0 enough", times=1, skip=skip) for skip in (2, 4, 6)]
    with RecordingServer(Script(pipelining=pipelining, faults=limits)) as server:
        fates = list(sender_to(server.url).send([outgoing(number) for number in range(8)]))
    assert [outcome for _, outcome in fates] == [KEPT] * 8
    assert len(server.received) == 8
    assert server.connections == 4


def test_a_fresh_connection_that_cannot_be_had_gives_the_rest_back(pipelining: bool) -> None:
    faults = [Fault(Step.DOT, drop=True), Fault(Step.CONNECT, "450 busy", skip=1)]
    with RecordingServer(Script(pipelining=pipelining, faults=faults)) as server:
        fates = dict(sender_to(server.url).send([outgoing(0), outgoing(1), outgoing(2)]))
    busy = lost("smtp_450")
    assert fates == {"m0": Unknown("smtp_dropped_at_dot"), "m1": busy, "m2": busy}


def test_a_refused_recipient_is_left_by_reset_or_by_a_lone_dot(pipelining: bool) -> None:
    fault = Fault(Step.RCPT, "550 5.1.1 no", to=SECOND)
    for eager in (False, True):
        with RecordingServer(Script(pipelining=pipelining, eager_data=eager, faults=[fault])) as server:
            fates = list(sender_to(server.url).send([outgoing(0), outgoing(1), outgoing(2)]))
        assert [outcome for _, outcome in fates] == [KEPT, Permanent("smtp_550_5.1.1", Blame.RECIPIENT), KEPT]
        lines = [heard.line for heard in server.heard]
        lone_dot = eager and pipelining  # one by one we never say DATA after a refusal
        assert (lines.count("."), lines.count("RSET")) == ((3, 0) if lone_dot else (2, 1))
        assert len(server.received) == 2


def test_a_refusal_that_was_heard_stands_although_the_connection_breaks_behind_it(pipelining: bool) -> None:
    faults = [Fault(Step.RCPT, "550 5.1.1 no", to=SECOND), Fault(Step.DATA, drop=True, skip=1)]
    with RecordingServer(Script(pipelining=pipelining, eager_data=True, faults=faults)) as server:
        fates = dict(sender_to(server.url).send([outgoing(0), outgoing(1)]))
    assert fates == {"m0": KEPT, "m1": Permanent("smtp_550_5.1.1", Blame.RECIPIENT)}
