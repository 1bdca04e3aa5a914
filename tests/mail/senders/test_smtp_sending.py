"""What arrives, how often, byte for byte, and over how many connections."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from posting import PATIENT, outgoing, sender_to

from aftercare.domain.outcomes import Accepted, Blame, Permanent
from aftercare.mail.senders.envelope import stuffed
from aftercare.mail.senders.relay import parse_relay
from aftercare.mail.senders.smtp import SmtpSender
from aftercare.testing.smtp import Fault, RecordingServer, Script, Step

KEPT = Accepted("smtp_250_2.0.0")

both_ways = pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "one by one"])


@both_ways
def test_a_thousand_messages_in_batches_of_16_arrive_exactly_once_over_one_connection(
    pipelining: bool,
) -> None:
    messages = [outgoing(number) for number in range(1000)]
    with RecordingServer(Script(pipelining=pipelining)) as server:
        sender = sender_to(server.url)
        fates = [fate for start in range(0, 1000, 16) for fate in sender.send(messages[start : start + 16])]
        sender.close()
    assert fates == [(message.key, KEPT) for message in messages]
    assert [received.message_id for received in server.received] == [
        f"<{number}@clinic.example>" for number in range(1000)
    ]
    assert {len(received.rcpt_tos) for received in server.received} == {1}
    assert server.connections == 1


@both_ways
@pytest.mark.parametrize(
    "farewell",
    [Fault(Step.MAIL, "421 4.4.2 idle", skip=1), Fault(Step.MAIL, drop=True, skip=1), None],
    ids=["421", "dropped at MAIL", "hung up while idle"],
)
def test_a_kept_connection_that_died_is_reopened_and_blames_nobody(
    pipelining: bool, farewell: Fault | None
) -> None:
    with RecordingServer(Script(pipelining=pipelining, faults=[farewell] if farewell else [])) as server:
        sender = sender_to(server.url)
        first = list(sender.send([outgoing(0)]))
        if farewell is None:
            server.hang_up()
        second = list(sender.send([outgoing(1), outgoing(2)]))
    assert first + second == [("m0", KEPT), ("m1", KEPT), ("m2", KEPT)]
    assert len(server.received) == 3
    assert server.connections == 2


@pytest.mark.parametrize(("idle", "connections"), [(29.9, 1), (30.0, 2)])
def test_a_connection_that_idled_for_30_seconds_is_not_used_again(idle: float, connections: int) -> None:
    stopwatch = [0.0]
    with RecordingServer() as server:
        sender = SmtpSender(parse_relay(server.url), PATIENT, monotonic=lambda: stopwatch[0])
        list(sender.send([outgoing(0)]))
        stopwatch[0] += idle
        assert list(sender.send([outgoing(1)])) == [("m1", KEPT)]
        assert server.connections == connections


@both_ways
def test_a_batch_that_is_abandoned_sends_no_more_and_spoils_nothing(pipelining: bool) -> None:
    with RecordingServer(Script(pipelining=pipelining)) as server:
        sender = sender_to(server.url)
        abandoned = iter(sender.send([outgoing(0), outgoing(1)]))
        assert next(abandoned) == ("m0", KEPT)
        del abandoned
        assert list(sender.send([outgoing(2)])) == [("m2", KEPT)]
        assert [message.rcpt_tos[0] for message in server.received] == ["r0@example.org", "r2@example.org"]


def test_an_empty_batch_opens_no_connection_and_closing_twice_is_fine() -> None:
    with RecordingServer() as server:
        sender = sender_to(server.url)
        assert list(sender.send([])) == []
        assert server.connections == 0
        list(sender.send([outgoing(0)]))
        sender.close()
        sender.close()


@pytest.mark.parametrize(
    "address",
    [
        "a@x.org>\r\nRCPT TO:<evil@x.org",
        "a@x.org\r\nDATA",
        "a@x.org\n",
        "a@x.org\0",
        "a@x.org> SIZE=1",
        "a b@x.org",
        "<a@x.org>",
        "j\u00f6rg@x.org",
        "a@x.org\u2028",
        "nobody",
        "",
        "a" * 250 + "@x.org",
    ],
)
def test_an_address_that_could_smuggle_in_a_command_never_reaches_the_wire(address: str) -> None:
    bad = outgoing(1)
    bad = type(bad)("m1", "b@clinic.example", address, bad.content)
    with RecordingServer() as server:
        fates = dict(sender_to(server.url).send([outgoing(0), bad, outgoing(2)]))
        recipients = [heard.line for heard in server.heard if heard.line.startswith("RCPT")]
    assert fates == {"m0": KEPT, "m1": Permanent("address_not_sendable", Blame.RECIPIENT), "m2": KEPT}
    assert recipients == ["RCPT TO:<r0@example.org>", "RCPT TO:<r2@example.org>"]


@pytest.mark.parametrize(
    ("mail_from", "outcome"),
    [
        ("", KEPT),  # the null return path of a bounce
        ("b@x.org>\r\nRCPT TO:<evil@x.org", Permanent("return_path_not_sendable", Blame.SENDER)),
    ],
)
def test_the_return_path_is_checked_too_and_may_be_empty(mail_from: str, outcome: object) -> None:
    message = type(outgoing(0))("m0", mail_from, "r0@example.org", outgoing(0).content)
    with RecordingServer() as server:
        assert list(sender_to(server.url).send([message])) == [("m0", outcome)]


@pytest.mark.parametrize(
    "content", [b"A: b\n\nc\r\n", b"A: b\r\n\rc\r\n", b"A: b\r\n\r\n.\n.\r\n", b"A: b\r\n\r\nc\r"]
)
def test_content_with_a_bare_line_break_could_smuggle_in_a_message_and_is_refused(content: bytes) -> None:
    with RecordingServer() as server:
        fates = dict(sender_to(server.url).send([outgoing(0, content)]))
        assert server.received == []
    assert fates == {"m0": Permanent("content_has_bare_line_break", Blame.CONTENT)}


def test_8_bit_content_travels_untouched_where_the_server_can_take_it() -> None:
    content = "Subject: x\r\n\r\nGrüße, 你好\r\n".encode()
    with RecordingServer() as server:
        assert dict(sender_to(server.url).send([outgoing(0, content)])) == {"m0": KEPT}
        assert server.received[0].content == content
        assert any(heard.line.endswith(f"SIZE={len(content)} BODY=8BITMIME") for heard in server.heard)
    with RecordingServer(Script(offers=())) as server:
        fates = dict(sender_to(server.url).send([outgoing(0, content)]))
        assert fates == {"m0": Permanent("content_needs_8bitmime", Blame.CONTENT)}
        assert server.received == []


LINES = st.lists(st.sampled_from([b"", b".", b"..", b".x", b"x.", b"\xc3\xa9", b"."]), max_size=12)


@given(LINES)
def test_no_content_can_end_itself(lines: list[bytes]) -> None:
    sent = b"\r\n" + stuffed(b"\r\n".join(lines) + b"\r\n")
    assert b"\r\n.\r\n" not in sent
    assert sent.replace(b"\r\n.", b"\r\n") == b"\r\n" + b"\r\n".join(lines) + b"\r\n"


@both_ways
@settings(max_examples=40)
@given(batch=st.lists(LINES, min_size=1, max_size=4))
def test_dots_at_the_start_of_lines_arrive_as_they_were(pipelining: bool, batch: list[list[bytes]]) -> None:
    contents = [b"\r\n".join(lines) + b"\r\n" for lines in batch]
    with RecordingServer(Script(pipelining=pipelining)) as server:
        list(sender_to(server.url).send([outgoing(number, body) for number, body in enumerate(contents)]))
        assert [message.content for message in server.received] == contents


def test_content_without_a_last_line_end_is_given_one() -> None:
    with RecordingServer() as server:
        list(sender_to(server.url).send([outgoing(0, b"Subject: x\r\n\r\nbye")]))
        assert server.received[0].content == b"Subject: x\r\n\r\nbye\r\n"
