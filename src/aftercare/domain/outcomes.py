"""What became of one attempt to hand a message to the next mail server."""

from dataclasses import dataclass
from enum import StrEnum


class Blame(StrEnum):
    """Whose trouble a refusal is. Only RECIPIENT may ever suppress an address (P14)."""

    RECIPIENT = "recipient"
    CONTENT = "content"
    SENDER = "sender"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took responsibility (250 after the final dot, RFC 5321 section 4.2.5).

    `reply` is `smtp_250_2.0.0` and the like: machine words, because servers echo addresses in free text."""

    reply: str


@dataclass(frozen=True, slots=True)
class Transient:
    """Certainly not accepted; a later attempt may succeed. `reason` is a machine word (`smtp_450_4.2.2`)."""

    reason: str
    blames: Blame


@dataclass(frozen=True, slots=True)
class Permanent:
    """Certainly not accepted, and repeating it unchanged is useless. `reason` is a machine word."""

    reason: str
    blames: Blame


@dataclass(frozen=True, slots=True)
class Unknown:
    """The final dot may have been seen but no reply came: sent or not, nobody can tell (RFC 1047, P3)."""

    reason: str


Outcome = Accepted | Transient | Permanent | Unknown
