"""Messages over one open line, knowing at every moment how far each of them has come.

With PIPELINING (RFC 2920) the end of one message and the envelope of the next travel in one write, so that
a message costs one round trip; without it every command waits for its reply. Either way the content leaves
only after the server has agreed to this sender and this recipient."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from aftercare.domain.outcomes import Accepted, Blame, Outcome, Transient, Unknown
from aftercare.mail.senders.base import Outgoing
from aftercare.mail.senders.envelope import commands, stuffed
from aftercare.mail.senders.opening import Line, Timeouts
from aftercare.mail.senders.replies import Phase, Reply, judge
from aftercare.mail.senders.wire import BrokenWireError

DOT = b".\r\n"
RESET = b"RSET\r\n"


class LineLostError(Exception):
    """The line is of no more use. `outcome` belongs to the message in hand; those behind it were never
    offered. `at_mail`: it ended before a word about this message was answered."""

    def __init__(self, outcome: Outcome, *, at_mail: bool = False) -> None:
        super().__init__("the line is lost")
        self.outcome = outcome
        self.at_mail = at_mail


def transact(line: Line, messages: Sequence[Outgoing], timeouts: Timeouts) -> Iterator[Outcome]:
    """Send `messages` in order and yield their outcomes in that order; LineLostError ends it early."""
    if line.pipelining and messages:
        line.wire.write(_ahead(line, messages[0]), timeouts.command)
    for message, following in zip_longest(messages, messages[1:]):
        refusal, wants_content = _hear_envelope(line, message, timeouts)
        ahead = _ahead(line, following)
        if refusal is None:
            yield _finish(line, message, ahead, timeouts)
        else:
            _abandon(line, refusal, (DOT if wants_content else RESET) + ahead, timeouts)
            yield refusal


def _ahead(line: Line, following: Outgoing | None) -> bytes:
    return b"".join(commands(following, line.offers)) if line.pipelining and following else b""


def _hear_envelope(line: Line, message: Outgoing, timeouts: Timeouts) -> tuple[Outcome | None, bool]:
    """What refuses the message, if anything, and whether the server now waits for content all the same."""
    refusal: Outcome | None = None
    agreed: set[Phase] = set()
    for phase, command in zip(
        (Phase.MAIL, Phase.RCPT, Phase.DATA), commands(message, line.offers), strict=True
    ):
        if not line.pipelining:
            line.wire.write(command, timeouts.command)
        answer = _hear_step(line, phase, refusal, timeouts)
        if answer is None:
            agreed.add(phase)
        refusal = refusal or answer
        if refusal and not line.pipelining:
            break
    if refusal and {Phase.RCPT, Phase.DATA} <= agreed:
        # It took a recipient without a sender: even an empty end might be delivered. Hang up instead.
        raise LineLostError(refusal)
    return refusal, Phase.DATA in agreed


def _hear_step(line: Line, phase: Phase, refusal: Outcome | None, timeouts: Timeouts) -> Outcome | None:
    try:
        reply = line.wire.read_reply(timeouts.data if phase is Phase.DATA else timeouts.command)
    except BrokenWireError as broken:
        lost = Transient(f"smtp_{broken.how}_at_{phase}", Blame.CONNECTION)
        raise LineLostError(refusal or lost, at_mail=phase is Phase.MAIL) from broken
    answer = judge(phase, reply)
    if answer and reply.code == 421:
        raise LineLostError(refusal or answer, at_mail=phase is Phase.MAIL)
    if answer and reply.code < 400:
        raise LineLostError(refusal or answer)  # an answer to something else: we no longer know to what
    return answer


def _finish(line: Line, message: Outgoing, ahead: bytes, timeouts: Timeouts) -> Outcome:
    """Send the content and hear the verdict. Until the first byte of the dot is handed over nothing can have
    been accepted; from then on silence means that nobody knows (RFC 1047)."""
    content = stuffed(message.content)
    handed = line.wire.write(content + DOT + ahead, timeouts.data)
    if handed <= len(content):
        raise LineLostError(_cut_short(line))
    try:
        reply = line.wire.read_reply(timeouts.after_dot)
    except BrokenWireError as broken:
        raise LineLostError(Unknown(f"smtp_{broken.how}_at_dot")) from broken
    outcome = judge(Phase.DOT, reply) or Unknown(reply.word)
    if reply.code == 421 or isinstance(outcome, Unknown):
        raise LineLostError(outcome)
    return outcome


def _cut_short(line: Line) -> Outcome:
    """The content did not get through; a server that hangs up in the middle may have said why."""
    try:
        reply: Reply | None = line.wire.read_reply(0)
    except BrokenWireError:
        reply = None
    answer = judge(Phase.DOT, reply) if reply else None
    if answer is None or isinstance(answer, Accepted | Unknown):
        return Transient("smtp_dropped_in_content", Blame.CONNECTION)
    return answer


def _abandon(line: Line, refusal: Outcome, ending: bytes, timeouts: Timeouts) -> None:
    """Leave a refused message behind, by a lone dot where the server waits for content (RFC 2920, 3.1)."""
    line.wire.write(ending, timeouts.command)
    try:
        reply = line.wire.read_reply(timeouts.command)
    except BrokenWireError as broken:
        raise LineLostError(refusal) from broken
    if reply.code == 421:
        raise LineLostError(refusal)
