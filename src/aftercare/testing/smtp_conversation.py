"""The server's side of one connection: just enough SMTP, faults included, pipelined input welcome."""

import asyncio
import base64
import contextlib
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aftercare.testing.smtp_script import Fault, Heard, Received, Script, Step

CHUNK = 262_144


@dataclass
class Ledger:
    """What all connections together have brought. `keep` is called before the client hears of its success."""

    received: list[Received] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    keep: Callable[[Received], None] = lambda _: None


class HungUpError(Exception):
    """Either side closed the connection."""


class Conversation:
    """Talks to one client until it leaves or a fault ends it."""

    def __init__(
        self,
        script: Script,
        ledger: Ledger,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        context: ssl.SSLContext | None,
    ) -> None:
        self._script = script
        self._ledger = ledger
        self._reader, self._writer = streams
        self._context = context
        self._buffer = bytearray()
        self._replies = bytearray()
        self._mail_from: str | None = None
        self._recipients: list[str] = []
        self._authenticated = script.auth is None

    async def run(self) -> None:
        """Serve until the end. Never raises: a client that goes away is everyday life."""
        self._ledger.connections += 1
        with contextlib.suppress(HungUpError, OSError, asyncio.CancelledError):
            await self._answer(Step.CONNECT, "220 recorder ESMTP")
            while True:
                line = (await self._until(b"\r\n"))[:-2].decode("utf-8", "replace")
                self._hear(line)
                await self._obey(line)
        self._writer.transport.abort()

    def hang_up(self) -> None:
        """Close at once; what was not yet written is lost."""
        self._writer.transport.abort()

    async def _obey(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        act = ACTS.get(verb.upper())
        if act is None:
            self._say("500 5.5.2 unknown command")
        else:
            await act(self, rest)

    async def ehlo(self, _: str) -> None:
        """RFC 5321 4.1.1.1, with what the script offers."""
        words = list(self._script.offers)
        words += ["PIPELINING"] * self._script.pipelining
        words += ["STARTTLS"] * (self._script.starttls and not self._encrypted)
        words += [f"AUTH {self._script.mechanisms}"] * (self._script.auth is not None)
        lines = ["recorder", *words]
        said = "\r\n".join(f"250-{word}" for word in lines[:-1]) + f"\r\n250 {lines[-1]}"
        await self._answer(Step.EHLO, said)

    async def starttls(self, _: str) -> None:
        """RFC 3207."""
        if await self._answer(Step.STARTTLS, "220 2.0.0 go ahead") and self._context:
            await self._flush()
            await self._writer.start_tls(self._context)

    async def auth(self, rest: str) -> None:
        """RFC 4954: PLAIN with an initial response, or LOGIN."""
        mechanism, _, initial = rest.partition(" ")
        if mechanism == "PLAIN":
            given = tuple(_decode(initial).split("\0")[1:])
        else:
            given = (await self._prompt("VXNlcm5hbWU6"), await self._prompt("UGFzc3dvcmQ6"))
        if given != self._script.auth:
            self._say("535 5.7.8 wrong user or password")
        elif await self._answer(Step.AUTH, "235 2.7.0 welcome"):
            self._authenticated = True

    async def _prompt(self, question: str) -> str:
        self._say(f"334 {question}")
        return _decode((await self._until(b"\r\n")).decode())

    async def mail(self, rest: str) -> None:
        """Begin a message."""
        if not self._authenticated:
            self._say("530 5.7.0 authentication required")
        elif self._mail_from is not None:
            self._say("503 5.5.1 one message at a time")
        elif await self._answer(Step.MAIL, "250 2.1.0 sender ok"):
            self._mail_from = _path(rest)

    async def rcpt(self, rest: str) -> None:
        """Add a recipient."""
        recipient = _path(rest)
        if self._mail_from is None:
            self._say("503 5.5.1 MAIL first")
        elif await self._answer(Step.RCPT, "250 2.1.5 recipient ok", recipient):
            self._recipients.append(recipient)

    async def data(self, _: str) -> None:
        """Take the content, unless refused."""
        if not self._recipients and not (self._script.eager_data and self._mail_from is not None):
            self._say("503 5.5.1 RCPT first")
        elif await self._answer(Step.DATA, "354 end with a dot", *self._recipients):
            await self._take_content()
            self._forget()

    async def _take_content(self) -> None:
        fault = self._script.fault_at(Step.CONTENT, self._recipients)
        if fault:
            await self._misbehave_in_content(fault.reply)
        self._buffer[:0] = b"\r\n"  # so that a lone dot on the first line ends the message too
        stuffed = (await self._until(b"\r\n.\r\n"))[:-3]
        self._hear(".")
        if not self._recipients:
            self._say("554 5.5.1 no valid recipients")
            return
        await self._end(stuffed.replace(b"\r\n.", b"\r\n")[2:])

    async def _misbehave_in_content(self, reply: str) -> None:
        if reply:
            self._say(reply)
        await self._flush()
        await self._reader.read(1)
        raise HungUpError

    async def _end(self, content: bytes) -> None:
        fault = self._script.fault_at(Step.DOT, self._recipients) or Fault(Step.DOT)
        reply = fault.reply or "250 2.0.0 kept"
        if fault.store or (reply.startswith("2") and not fault.drop):
            place = len(self._ledger.received)
            taken = Received(self._mail_from or "", tuple(self._recipients), content, place, self._encrypted)
            self._ledger.received.append(taken)
            self._ledger.keep(taken)
        delay = max(self._script.delay, fault.delay)
        await self._say_or_drop(delay, fault.drop, reply)

    async def reset(self, _: str) -> None:
        """Forget the message in hand."""
        self._forget()
        self._say("250 2.0.0 forgotten")

    async def noop(self, _: str) -> None:
        """Do nothing, politely."""
        self._say("250 2.0.0 still here")

    async def quit(self, _: str) -> None:
        """Say goodbye and hang up."""
        self._say("221 2.0.0 bye")
        await self._flush()
        raise HungUpError

    async def _answer(self, step: Step, usual: str, *recipients: str) -> bool:
        """Say `usual`, or commit the fault that is due; True where all is as usual."""
        fault = self._script.fault_at(step, recipients)
        if fault is None:
            self._say(usual)
            return True
        reply = fault.reply or usual
        await self._say_or_drop(fault.delay, fault.drop, reply)
        return reply[0] == usual[0]

    async def _say_or_drop(self, delay: float, drop: bool, reply: str) -> None:
        if delay:
            await self._flush()
            await asyncio.sleep(delay)
        if drop:
            await self._flush()
            raise HungUpError
        self._say(reply)
        if reply.startswith("421"):
            await self._flush()
            raise HungUpError

    def _say(self, reply: str) -> None:
        self._replies += reply.encode() + b"\r\n"

    async def _until(self, ending: bytes) -> bytes:
        """All up to and with `ending`. Replies leave only when we must wait for input (RFC 2920, 3.2)."""
        start = 0
        while (found := self._buffer.find(ending, start)) < 0:
            start = max(len(self._buffer) - len(ending), 0)
            await self._flush()
            more = await self._reader.read(CHUNK)
            if not more:
                raise HungUpError
            self._buffer += more
        end = found + len(ending)
        taken = bytes(self._buffer[:end])
        del self._buffer[:end]
        return taken

    async def _flush(self) -> None:
        if self._replies:
            self._writer.write(bytes(self._replies))
            self._replies.clear()
            await self._writer.drain()

    def _forget(self) -> None:
        self._mail_from = None
        self._recipients = []

    def _hear(self, line: str) -> None:
        self._ledger.heard.append(Heard(line, self._encrypted))

    @property
    def _encrypted(self) -> bool:
        return self._writer.get_extra_info("ssl_object") is not None


def _path(rest: str) -> str:
    found = re.search(r"<(.*?)>", rest)
    return found.group(1) if found else rest


def _decode(text: str) -> str:
    return base64.b64decode(text.strip()).decode("utf-8", "replace")


ACTS: dict[str, Callable[[Conversation, str], Awaitable[None]]] = {
    "EHLO": Conversation.ehlo,
    "STARTTLS": Conversation.starttls,
    "AUTH": Conversation.auth,
    "MAIL": Conversation.mail,
    "RCPT": Conversation.rcpt,
    "DATA": Conversation.data,
    "RSET": Conversation.reset,
    "NOOP": Conversation.noop,
    "QUIT": Conversation.quit,
}
