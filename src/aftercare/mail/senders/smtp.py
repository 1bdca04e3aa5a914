"""The SMTP sender: keeps lines to a relay open between batches and starts afresh, once, when one breaks."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence

from aftercare.domain.outcomes import Blame, Outcome, Transient
from aftercare.mail.senders.base import Outgoing
from aftercare.mail.senders.envelope import refuse_unsendable
from aftercare.mail.senders.opening import Line, NotOpenedError, Timeouts, open_line
from aftercare.mail.senders.relay import Relay
from aftercare.mail.senders.transaction import LineLostError, transact

Fate = tuple[str, Outcome]
GIVEN_UP = Transient("smtp_connection_lost", Blame.CONNECTION)


class SmtpSender:
    """Sends over one line at a time to `relay`; make one per process and thread.

    `keep_idle`: seconds for which an idle line is used again; servers hang up after minutes and forwarders
    on the way forget sooner. `monotonic` is the stopwatch for that and for time-outs, never a time of day."""

    def __init__(
        self,
        relay: Relay,
        timeouts: Timeouts | None = None,
        keep_idle: float = 30,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._relay = relay
        self._timeouts = timeouts or Timeouts()
        self._keep_idle = keep_idle
        self._monotonic = monotonic
        self._kept: Line | None = None

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Fate]:
        """As `Sender.send`, in the order given. A line that breaks is replaced by one fresh line; when that
        breaks too, the rest comes back as never offered."""
        waiting = deque(batch)
        troubles = 0
        while waiting:
            try:
                calm = yield from self._carry(waiting)
            except NotOpenedError as failure:
                yield from _give_back(waiting, failure.outcome)
                return
            troubles += not calm
            if troubles == 2:
                yield from _give_back(waiting, GIVEN_UP)

    def close(self) -> None:
        """Say QUIT on the kept line, if any, without waiting for the answer."""
        if self._kept:
            self._kept.wire.write(b"QUIT\r\n", self._timeouts.command)
            self._kept.wire.close()
            self._kept = None

    def _carry(self, waiting: deque[Outgoing]) -> Generator[Fate, None, bool]:
        """Send over one line until nothing waits or the line is lost; False where it was lost in the middle
        of a message. What has its outcome leaves `waiting`."""
        line, proven = self._take_line()
        try:
            yield from _sort_out_unsendable(waiting, line)
            for outcome in transact(line, tuple(waiting), self._timeouts):
                proven = True
                yield waiting.popleft().key, outcome
            self._keep(line)
        except LineLostError as lost:
            if lost.at_mail and proven:
                return (
                    True  # it had served its time: idle too long, or the relay's limit of messages per line
                )
            yield waiting.popleft().key, lost.outcome
            return False
        finally:
            if self._kept is not line:
                line.wire.close()
        return True

    def _take_line(self) -> tuple[Line, bool]:
        """A line, and whether it has already proved itself in an earlier batch."""
        kept, self._kept = self._kept, None
        if kept and self._monotonic() - kept.idle_since < self._keep_idle:
            return kept, True
        if kept:
            kept.wire.close()
        return open_line(self._relay, self._timeouts, self._monotonic), False

    def _keep(self, line: Line) -> None:
        line.idle_since = self._monotonic()
        self._kept = line


def _sort_out_unsendable(waiting: deque[Outgoing], line: Line) -> Iterator[Fate]:
    for message in tuple(waiting):
        if refusal := refuse_unsendable(message, line.offers):
            waiting.remove(message)
            yield message.key, refusal


def _give_back(waiting: deque[Outgoing], outcome: Outcome) -> Iterator[Fate]:
    while waiting:
        yield waiting.popleft().key, outcome
