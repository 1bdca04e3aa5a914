"""Messages to send, and senders that lose patience quickly, for the tests beside this file."""

from aftercare.mail.senders.base import Outgoing
from aftercare.mail.senders.opening import Timeouts
from aftercare.mail.senders.relay import parse_relay
from aftercare.mail.senders.smtp import SmtpSender

# Long enough that a busy machine is not mistaken for a silent server.
PATIENT = Timeouts(connect=20, greeting=20, command=20, data=20, after_dot=20)
# Short enough to wait for a server that really is silent.
IMPATIENT = Timeouts(connect=20, greeting=1, command=1, data=1, after_dot=1)
# Longer than any patience; the server is torn down before it has passed.
FOREVER = 30.0
BODY = b"\r\n\r\nSee you soon.\r\n"


def outgoing(number: int, content: bytes = b"", to: str = "") -> Outgoing:
    """Message `number`, to r<number>@example.org, recognisable by its Message-ID."""
    own = b"Subject: Your visit\r\nMessage-ID: <%d@clinic.example>" % number + BODY
    return Outgoing(f"m{number}", "b@clinic.example", to or f"r{number}@example.org", content or own)


def sender_to(url: str, timeouts: Timeouts = PATIENT) -> SmtpSender:
    """A sender to the server at `url`."""
    return SmtpSender(parse_relay(url), timeouts)
