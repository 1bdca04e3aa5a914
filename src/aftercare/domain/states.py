"""The states of a message and the one table of moves between them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from aftercare.errors import Conflict


class MessageState(StrEnum):
    """Where a message stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    TRANSMITTING = "transmitting"
    UNKNOWN = "unknown"
    HELD = "held"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    FAILED = "failed"


_S = MessageState

MOVES: Mapping[MessageState, frozenset[MessageState]] = MappingProxyType(
    {
        _S.PLANNED: frozenset({_S.CLAIMED, _S.HELD, _S.SKIPPED, _S.CANCELLED}),
        _S.CLAIMED: frozenset({_S.PLANNED, _S.HELD, _S.TRANSMITTING, _S.SKIPPED, _S.CANCELLED, _S.FAILED}),
        _S.TRANSMITTING: frozenset({_S.SENT, _S.PLANNED, _S.FAILED, _S.UNKNOWN}),
        _S.UNKNOWN: frozenset({_S.SENT, _S.PLANNED, _S.HELD, _S.SKIPPED}),
        _S.HELD: frozenset({_S.PLANNED, _S.SKIPPED, _S.CANCELLED}),
        _S.SENT: frozenset(),
        _S.SKIPPED: frozenset(),
        _S.CANCELLED: frozenset(),
        _S.FAILED: frozenset(),
    }
)

FINAL: frozenset[MessageState] = frozenset(state for state, targets in MOVES.items() if not targets)

CANCELLABLE: tuple[MessageState, ...] = tuple(state for state in MOVES if _S.CANCELLED in MOVES[state])
"""Still to come, and nothing of it is on the wire: it can be taken back."""


class IllegalMove(Conflict):
    """A message cannot go from where it stands to where it was asked to go."""


def check_move(old: MessageState, new: MessageState) -> None:
    """Pass in silence if the table allows `old` -> `new`; raises IllegalMove."""
    if new not in MOVES[old]:
        allowed = ", ".join(sorted(MOVES[old])) or "nothing: it is final"
        raise IllegalMove(f"a message that is {old} cannot become {new}; allowed: {allowed}")
