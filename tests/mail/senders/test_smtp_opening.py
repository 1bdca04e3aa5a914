"""From connecting to the first MAIL: what fails here blames no recipient and sends nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from posting import FOREVER, IMPATIENT, PATIENT, outgoing, sender_to

from aftercare.domain.outcomes import Accepted, Blame, Permanent, Transient
from aftercare.mail.senders.opening import Timeouts
from aftercare.testing.smtp import Fault, Heard, RecordingServer, Script, Step

KEPT = Accepted("smtp_250_2.0.0")
LOGIN = ("clinic@example.org", "p:q/ä")


def sent_to(url: str, timeouts: Timeouts = PATIENT) -> set[object]:
    """What becomes of two messages, as a set because it must be the same for both."""
    return {outcome for _, outcome in sender_to(url, timeouts).send([outgoing(0), outgoing(1)])}


@pytest.mark.parametrize(
    ("fault", "reason", "blames"),
    [
        (Fault(Step.CONNECT, "554 no service"), "smtp_554", Blame.SENDER),
        (Fault(Step.CONNECT, "421 4.3.2 busy"), "smtp_421_4.3.2", Blame.CONNECTION),
        (Fault(Step.CONNECT, drop=True), "smtp_dropped_at_opening", Blame.CONNECTION),
        (Fault(Step.CONNECT, delay=FOREVER), "smtp_timeout_at_opening", Blame.CONNECTION),
        (Fault(Step.CONNECT, "hello"), "smtp_garbled_at_opening", Blame.CONNECTION),
        (Fault(Step.EHLO, "550 5.7.1 not you"), "smtp_550_5.7.1", Blame.SENDER),
        (Fault(Step.EHLO, "452 4.3.1 full"), "smtp_452_4.3.1", Blame.CONNECTION),
        (Fault(Step.EHLO, drop=True), "smtp_dropped_at_opening", Blame.CONNECTION),
    ],
)
def test_a_server_that_does_not_want_to_talk_leaves_every_message_for_later(
    fault: Fault, reason: str, blames: Blame
) -> None:
    with RecordingServer(Script(faults=[fault])) as server:
        assert sent_to(server.url, IMPATIENT if fault.delay else PATIENT) == {Transient(reason, blames)}
        assert server.connections == 1


def test_a_server_that_is_not_there_leaves_every_message_for_later() -> None:
    with RecordingServer() as server:
        url = server.url
    assert sent_to(url) == {Transient("smtp_unreachable", Blame.CONNECTION)}


@pytest.mark.parametrize("smtps", [True, False])
def test_messages_and_password_travel_encrypted(smtps: bool) -> None:
    with RecordingServer(Script(starttls=not smtps, auth=LOGIN), smtps=smtps) as server:
        assert sent_to(server.url) == {KEPT}
        in_clear = [heard.line for heard in server.heard if not heard.encrypted]
        assert (
            Heard("EHLO localhost", encrypted=True) in server.heard
        )  # what was offered in clear is forgotten
    assert in_clear == ([] if smtps else ["EHLO localhost", "STARTTLS"])
    assert all(message.encrypted for message in server.received)


@pytest.mark.parametrize("mode", ["required", "if-offered"])
@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ([Fault(Step.STARTTLS, "454 4.7.0 not now")], "smtp_tls_refused"),
        ([], "smtp_certificate_not_trusted"),
    ],
)
def test_tls_that_fails_is_never_replaced_by_plain_text(mode: str, faults: list[Fault], reason: str) -> None:
    with RecordingServer(Script(starttls=True, faults=faults)) as server:
        stranger = f"smtp://127.0.0.1:{server.port}?starttls={mode}"
        assert sent_to(stranger) == {Transient(reason, Blame.SENDER)}
        assert {heard.line for heard in server.heard} == {"EHLO localhost", "STARTTLS"}
    assert server.received == []


def test_tls_that_is_required_but_not_offered_is_our_trouble_and_nothing_is_sent() -> None:
    with RecordingServer() as server:
        assert sent_to(f"{server.url}?starttls=required") == {Transient("smtp_tls_not_offered", Blame.SENDER)}
        assert {heard.line for heard in server.heard} == {"EHLO localhost"}


def test_tls_if_offered_sends_in_clear_where_it_is_not_offered() -> None:
    with RecordingServer() as server:
        assert sent_to(f"{server.url}?starttls=if-offered&name=app.example") == {KEPT}
        assert server.heard[0].line == "EHLO app.example"


def test_a_certificate_file_that_is_missing_is_our_trouble() -> None:
    with RecordingServer(Script(starttls=True)) as server:
        url = f"smtp://127.0.0.1:{server.port}?starttls=required&ca=missing.pem"
        assert sent_to(url) == {Transient("smtp_certificate_not_trusted", Blame.SENDER)}


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"])
def test_the_right_password_opens_the_door(mechanisms: str) -> None:
    with RecordingServer(Script(auth=LOGIN, mechanisms=mechanisms)) as server:
        assert sent_to(server.url) == {KEPT}


@pytest.mark.parametrize(
    ("script", "user", "reason"),
    [
        (Script(auth=LOGIN), "clinic:wrong@", "smtp_535_5.7.8"),
        (Script(auth=LOGIN, mechanisms="LOGIN"), "clinic:wrong@", "smtp_535_5.7.8"),
        (Script(auth=LOGIN, mechanisms="GSSAPI"), "clinic:wrong@", "smtp_auth_not_offered"),
        (Script(), "clinic:wrong@", "smtp_auth_not_offered"),
        (Script(auth=LOGIN), "", "smtp_530_5.7.0"),
    ],
)
def test_a_door_that_stays_shut_is_our_trouble_and_mends_itself_never(
    script: Script, user: str, reason: str
) -> None:
    with RecordingServer(script) as server:
        assert sent_to(f"smtp://{user}127.0.0.1:{server.port}") == {Transient(reason, Blame.SENDER)}
        assert server.received == []


def test_a_password_never_crosses_a_network_in_clear() -> None:
    with RecordingServer(Script(auth=LOGIN)) as server:
        # A name that we cannot know to be this machine, and that the resolver takes for 127.0.0.1.
        url = f"smtp://clinic:secret@127.1:{server.port}?starttls=if-offered"
        assert sent_to(url) == {Transient("smtp_auth_needs_tls", Blame.SENDER)}
        assert not any("AUTH" in heard.line for heard in server.heard)


@contextmanager
def server_that_says(everything: bytes) -> Iterator[tuple[str, bytearray]]:
    """Says all its replies at once and then keeps what it hears until the client leaves."""
    heard = bytearray()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(ConnectionError):
            connection.sendall(everything)
            while more := connection.recv(65_536):
                heard.extend(more)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}", heard
        thread.join()


def test_replies_slipped_in_before_tls_are_not_believed_after_it() -> None:
    says = b"220 hi\r\n250-me\r\n250 STARTTLS\r\n220 go\r\n250-me\r\n250 AUTH PLAIN\r\n"
    with server_that_says(says) as (url, _):
        outcomes = sent_to(f"{url}?starttls=required")
    assert outcomes == {Transient("smtp_garbled_at_opening", Blame.CONNECTION)}


def test_a_recipient_taken_without_a_sender_makes_us_hang_up_rather_than_end_the_message() -> None:
    opening, envelope = b"220 hi\r\n250-me\r\n250 PIPELINING\r\n", b"550 5.7.1 no\r\n250 ok\r\n354 go\r\n"
    with server_that_says(opening + envelope + b"250 an empty mail was sent\r\n") as (url, heard):
        fates = list(sender_to(url).send([outgoing(0)]))
    assert fates == [("m0", Permanent("smtp_550_5.7.1", Blame.SENDER))]
    assert heard.endswith(b"DATA\r\n")


def test_a_server_that_never_ends_its_line_is_given_up() -> None:
    with server_that_says(b"220-" + b"x" * 100_000) as (url, _):
        assert sent_to(url) == {Transient("smtp_garbled_at_opening", Blame.CONNECTION)}
