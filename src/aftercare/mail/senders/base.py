"""The one protocol that every way of sending keeps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from aftercare.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A finished message with its envelope; always one recipient (P15).

    `key` is the caller's name for it and comes back with the outcome. `content` is the complete RFC 5322
    message: CRLF lines, not dot-stuffed."""

    key: str
    mail_from: str
    rcpt_to: str
    content: bytes


class Sender(Protocol):
    """Hands messages to the next server, or to something that stands for one."""

    def send(self, batch: Sequence[Outgoing]) -> Iterator[tuple[str, Outcome]]:
        """Yield `(key, outcome)` exactly once per message, in any order, as soon as its fate is known.

        A generator: nothing is sent until it is iterated, and abandoning it stops there: what was not yet
        yielded was not sent. One step may take as long as the slowest time-out (ten minutes after the dot).
        A mail fault is an outcome, never an exception. Not for use by two threads at once."""
        ...

    def close(self) -> None:
        """Let go of kept connections. May be called twice; a later `send` opens new ones."""
        ...
