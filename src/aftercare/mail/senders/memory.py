"""The shipped fake: keeps what it is given and answers by script."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aftercare.domain.outcomes import Accepted, Outcome
from aftercare.mail.senders.base import Outgoing

ACCEPTED = Accepted("memory")


@dataclass
class MemorySender:
    """Keeps every attempt in `attempted` and every accepted message in `accepted`.

    `script` maps a key or a recipient (the key wins) to the outcomes that its next attempts get, in order;
    after the last one, and for all others, the answer is `otherwise`."""

    script: dict[str, list[Outcome]] = field(default_factory=dict)
    otherwise: Outcome = ACCEPTED
    attempted: list[Outgoing] = field(default_factory=list)
    accepted: list[Outgoing] = field(default_factory=list)

    def answer(self, who: str, *outcomes: Outcome) -> None:
        """Queue `outcomes` for the next attempts at a message whose key or recipient is `who`."""
        self.script.setdefault(who, []).extend(outcomes)

    def send(self, batch: Sequence[Outgoing]) -> Iterator[tuple[str, Outcome]]:
        """Answer each message as the script says, in the order given."""
        for message in batch:
            self.attempted.append(message)
            outcome = self._next_outcome(message)
            if isinstance(outcome, Accepted):
                self.accepted.append(message)
            yield message.key, outcome

    def close(self) -> None:
        """Nothing to let go of; what was kept stays readable."""

    def _next_outcome(self, message: Outgoing) -> Outcome:
        for who in (message.key, message.rcpt_to):
            if self.script.get(who):
                return self.script[who].pop(0)
        return self.otherwise
