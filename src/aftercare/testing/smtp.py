"""A real SMTP server that records what it is sent and misbehaves as told.

In a test:          with RecordingServer() as server: ... server.url ... server.received
In its own process: python -m aftercare.testing.smtp --port 0 --record FILE.jsonl [--no-pipelining]
                    prints the port; a message's JSON line is in the file before the client hears 250."""

import argparse
import asyncio
import contextlib
import json
import ssl
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from aftercare.clock import SystemClock
from aftercare.testing.smtp_conversation import Conversation, Ledger
from aftercare.testing.smtp_script import Fault, Heard, Received, Script, Step, make_certificate

__all__ = ["Fault", "Heard", "Received", "RecordingServer", "Script", "Step"]

BACKLOG = 1024


class RecordingServer:
    """Listens on 127.0.0.1 at a free port, in a thread, while the `with` block lasts.

    `script` says how it behaves; `smtps` means TLS from the first byte. TLS of either kind needs the
    `openssl` command for a throw-away certificate. `keep` is told of each message as it arrives."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        smtps: bool = False,
        keep: Callable[[Received], None] = lambda _: None,
    ) -> None:
        self.script = script or Script()
        self.ca: Path | None = None
        self.port = 0
        self._smtps = smtps
        self._ledger = Ledger(keep=keep)
        self._open: set[Conversation] = set()
        self._context: ssl.SSLContext | None = None
        self._loop = asyncio.new_event_loop()
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        if self._smtps or self.script.starttls:
            folder = self._cleanup.enter_context(tempfile.TemporaryDirectory())
            self.ca, key = make_certificate(Path(folder))
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._context.load_cert_chain(self.ca, key)
        server = self._loop.run_until_complete(
            _listen(self._serve, 0, self._context if self._smtps else None)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._cleanup.callback(self._loop.close)
        thread = threading.Thread(target=self._loop.run_forever, name="recording-smtp", daemon=True)
        thread.start()
        self._cleanup.callback(thread.join)
        self._cleanup.callback(
            lambda: asyncio.run_coroutine_threadsafe(self._stop(server), self._loop).result()
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    @property
    def url(self) -> str:
        """The URL for `parse_relay`: with user, password and certificate where they are needed."""
        user = ":".join(quote(part, safe="") for part in self.script.auth) + "@" if self.script.auth else ""
        scheme = "smtps" if self._smtps else "smtp"
        options = ["starttls=required"] * self.script.starttls + [f"ca={self.ca}"] * (self.ca is not None)
        return f"{scheme}://{user}127.0.0.1:{self.port}" + ("?" + "&".join(options) if options else "")

    @property
    def received(self) -> list[Received]:
        """Every message kept so far, in order of arrival."""
        return list(self._ledger.received)

    @property
    def heard(self) -> list[Heard]:
        """Every command line so far, of all connections."""
        return list(self._ledger.heard)

    @property
    def connections(self) -> int:
        """How many connections were opened so far."""
        return self._ledger.connections

    def fault(self, fault: Fault) -> None:
        """Add a fault to the script."""
        self.script.faults.append(fault)

    def hang_up(self) -> None:
        """Close every open connection, as servers do to idle clients; returns when that is done."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result()

    async def _hang_up(self) -> None:
        for conversation in tuple(self._open):
            conversation.hang_up()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(self.script, self._ledger, (reader, writer), self._context)
        self._open.add(conversation)
        await conversation.run()
        self._open.discard(conversation)

    async def _stop(self, server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._loop.call_soon(self._loop.stop)


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _listen(handler: Handler, port: int, context: ssl.SSLContext | None = None) -> asyncio.Server:
    return await asyncio.start_server(handler, "127.0.0.1", port, backlog=BACKLOG, limit=1 << 20, ssl=context)


async def _record(arguments: argparse.Namespace) -> None:
    clock = SystemClock()
    script = Script(pipelining=arguments.pipelining, delay=arguments.delay_ms / 1000)
    with Path(arguments.record).open("ab", buffering=0) as record:

        def keep(message: Received) -> None:
            line = {
                "message_id": message.message_id,
                "rcpt": message.rcpt_tos[0],
                "at": clock.now().timestamp(),
                "bytes": len(message.content),
            }
            record.write(json.dumps(line).encode() + b"\n")
            ledger.received.clear()
            ledger.heard.clear()

        ledger = Ledger(keep=keep)
        server = await _listen(lambda r, w: Conversation(script, ledger, (r, w), None).run(), arguments.port)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


def main() -> None:
    """Run as a process of its own until killed."""
    parser = argparse.ArgumentParser(prog="python -m aftercare.testing.smtp")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", required=True, help="a file that gets one JSON line per message")
    parser.add_argument("--pipelining", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--delay-ms", type=int, default=0, help="wait before each reply to a message")
    asyncio.run(_record(parser.parse_args()))


if __name__ == "__main__":
    main()
