"""Talks to a relay as far as MAIL FROM: whether it would take our mail, without sending any."""

import time
from collections.abc import Callable

from aftercare.domain.outcomes import Permanent, Transient
from aftercare.mail.senders.opening import Line, NotOpenedError, Timeouts, open_line
from aftercare.mail.senders.relay import Relay
from aftercare.mail.senders.replies import Phase, judge
from aftercare.mail.senders.wire import BrokenWireError

IMPATIENT = Timeouts(connect=5, greeting=10, command=10)
"""Seconds: a person waits for the answer."""


def probe(
    relay: Relay,
    mail_from: str,
    timeouts: Timeouts = IMPATIENT,
    monotonic: Callable[[], float] = time.monotonic,
) -> str | None:
    """Why the relay would not take a message from `mail_from`, as a machine word (`smtp_535_5.7.8`); None
    where it would. RSET withdraws the offer (RFC 5321 section 4.1.1.5)."""
    try:
        line = open_line(relay, timeouts, monotonic)
    except NotOpenedError as failure:
        return failure.outcome.reason
    try:
        return _offer(line, mail_from, timeouts)
    except BrokenWireError as failure:
        return f"smtp_{failure.how}_at_mail"
    finally:
        line.wire.close()


def _offer(line: Line, mail_from: str, timeouts: Timeouts) -> str | None:
    line.wire.write(f"MAIL FROM:<{mail_from}>\r\n".encode("ascii"), timeouts.command)
    refusal = judge(Phase.MAIL, line.wire.read_reply(timeouts.command))
    line.wire.write(b"RSET\r\nQUIT\r\n", timeouts.command)
    return refusal.reason if isinstance(refusal, Transient | Permanent) else None
