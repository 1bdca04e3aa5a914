"""From nothing to a connection that may say MAIL: connect, greeting, EHLO, TLS, AUTH."""

import base64
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from aftercare.domain.outcomes import Blame, Permanent, Transient
from aftercare.mail.senders.relay import Relay, Tls
from aftercare.mail.senders.replies import Phase, Reply, judge
from aftercare.mail.senders.wire import BrokenWireError, Wire


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for each thing. After the dot the server may work for long, and giving up early makes
    duplicates: RFC 5321 section 4.5.3.2.6 asks for ten minutes."""

    connect: float = 30
    greeting: float = 60
    command: float = 60
    data: float = 120
    after_dot: float = 600


class NotOpenedError(Exception):
    """No message could be offered. `outcome` is what that means for each of them."""

    def __init__(self, reason: str, blames: Blame) -> None:
        super().__init__(reason)
        self.outcome = Transient(reason, blames)


@dataclass
class Line:
    """An open connection with what the server offers, in capital letters: `{"AUTH": "PLAIN LOGIN"}`."""

    wire: Wire
    offers: dict[str, str]
    idle_since: float = 0.0

    @property
    def pipelining(self) -> bool:
        """True where commands may be sent without waiting for replies (RFC 2920)."""
        return "PIPELINING" in self.offers


def open_line(relay: Relay, timeouts: Timeouts, monotonic: Callable[[], float]) -> Line:
    """Connect, and go as far as the first MAIL. NotOpenedError, and nothing left open, where that fails."""
    wire = _connect(relay, timeouts, monotonic)
    try:
        return _introduce(wire, relay, timeouts)
    except (BrokenWireError, NotOpenedError, OSError) as failure:
        wire.close()
        raise _as_not_opened(failure) from failure


def _connect(relay: Relay, timeouts: Timeouts, monotonic: Callable[[], float]) -> Wire:
    try:
        connected = socket.create_connection((relay.host, relay.port), timeouts.connect)
    except OSError as failure:
        raise NotOpenedError("smtp_unreachable", Blame.CONNECTION) from failure
    return Wire(connected, monotonic)


def _introduce(wire: Wire, relay: Relay, timeouts: Timeouts) -> Line:
    if relay.tls is Tls.FROM_START:
        wire.encrypt(_trust(relay), relay.host, timeouts.greeting)
    _go_on(wire.read_reply(timeouts.greeting))
    offers = _ehlo(wire, relay, timeouts)
    encrypted = relay.tls is Tls.FROM_START
    if relay.tls is Tls.REQUIRED or (relay.tls is Tls.IF_OFFERED and "STARTTLS" in offers):
        offers = _starttls(wire, relay, offers, timeouts)
        encrypted = True
    if relay.user:
        if not encrypted and not relay.is_loopback:
            raise NotOpenedError("smtp_auth_needs_tls", Blame.SENDER)
        _authenticate(wire, relay, offers, timeouts)
    return Line(wire, offers)


def _starttls(wire: Wire, relay: Relay, offers: dict[str, str], timeouts: Timeouts) -> dict[str, str]:
    """RFC 3207; what was offered in clear is forgotten and asked for again."""
    if "STARTTLS" not in offers:
        raise NotOpenedError("smtp_tls_not_offered", Blame.SENDER)
    if _ask(wire, b"STARTTLS", timeouts).code != 220:
        raise NotOpenedError("smtp_tls_refused", Blame.SENDER)
    wire.encrypt(_trust(relay), relay.host, timeouts.command)
    return _ehlo(wire, relay, timeouts)


def _ehlo(wire: Wire, relay: Relay, timeouts: Timeouts) -> dict[str, str]:
    reply = _ask(wire, b"EHLO " + relay.ehlo_name.encode("ascii"), timeouts)
    _go_on(reply)
    offered = (line.upper().partition(" ") for line in reply.text.splitlines()[1:])
    return {word: rest for word, _, rest in offered}


def _authenticate(wire: Wire, relay: Relay, offers: dict[str, str], timeouts: Timeouts) -> None:
    """RFC 4954 with PLAIN (RFC 4616), or the older LOGIN where only that is offered."""
    user, password = relay.user.encode(), relay.password.encode()
    mechanisms = offers.get("AUTH", "").split()
    if "PLAIN" in mechanisms:
        steps = [b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + password)]
    elif "LOGIN" in mechanisms:
        steps = [b"AUTH LOGIN", base64.b64encode(user), base64.b64encode(password)]
    else:
        raise NotOpenedError("smtp_auth_not_offered", Blame.SENDER)
    for step in steps[:-1]:
        reply = _ask(wire, step, timeouts)
        if reply.code != 334:
            raise NotOpenedError(reply.word, Blame.SENDER)
    _go_on(_ask(wire, steps[-1], timeouts))


def _ask(wire: Wire, command: bytes, timeouts: Timeouts) -> Reply:
    wire.write(command + b"\r\n", timeouts.command)
    return wire.read_reply(timeouts.command)


def _go_on(reply: Reply) -> None:
    outcome = judge(Phase.OPENING, reply)
    if isinstance(outcome, Transient | Permanent):
        raise NotOpenedError(outcome.reason, outcome.blames)


def _trust(relay: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=relay.ca or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _as_not_opened(failure: Exception) -> NotOpenedError:
    if isinstance(failure, NotOpenedError):
        return failure
    if isinstance(failure, BrokenWireError):
        return NotOpenedError(f"smtp_{failure.how}_at_opening", Blame.CONNECTION)
    if isinstance(failure, ssl.SSLCertVerificationError | FileNotFoundError):
        # A certificate that does not fit, or a missing CA file, will not mend itself: staff must look.
        return NotOpenedError("smtp_certificate_not_trusted", Blame.SENDER)
    return NotOpenedError("smtp_tls_failed", Blame.CONNECTION)
