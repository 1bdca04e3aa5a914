"""One TCP or TLS connection that speaks lines, and knows how much it has handed to the kernel."""

import contextlib
import re
import socket
import ssl
from collections.abc import Callable

from aftercare.mail.senders.replies import Reply

REPLY_LINE = re.compile(rb"([2-5][0-9]{2})([ -]?)(.*)")
LONGEST_REPLY = 65_536  # RFC 5321 4.5.3.1.5 allows 512 a line; more than this is not a mail server


class BrokenWireError(Exception):
    """The connection is of no more use. `how` is dropped, timeout or garbled."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Wire:
    """Writes bytes and reads replies, each under its own deadline in seconds."""

    def __init__(self, connected: socket.socket, monotonic: Callable[[], float]) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connected
        self._monotonic = monotonic
        self._buffer = b""

    def write(self, data: bytes, timeout: float) -> int:
        """Hand `data` to the kernel; returns how many bytes it took before the connection failed.

        Each pause of the peer may last `timeout`. Over TLS a half-taken record does not count: its end is
        missing, so that the peer cannot decrypt it. A failure shows at the next `read_reply`, because
        a server that closes in the middle has often said why."""
        self._socket.settimeout(timeout)
        view, handed = memoryview(data), 0
        with contextlib.suppress(OSError):
            while handed < len(data):
                handed += self._socket.send(view[handed:])
        return handed

    def read_reply(self, timeout: float) -> Reply:
        """The next reply, all its lines; BrokenWireError if it is not complete within `timeout` seconds."""
        deadline = self._monotonic() + timeout
        lines: list[bytes] = []
        while True:
            found = REPLY_LINE.fullmatch(self._read_line(deadline))
            if found is None:
                raise BrokenWireError("garbled")
            code, more, text = found.groups()
            lines.append(text)
            if more != b"-":
                return Reply(int(code), b"\n".join(lines).decode("ascii", "replace"))

    def _read_line(self, deadline: float) -> bytes:
        while b"\n" not in self._buffer:
            self._buffer += self._receive(deadline)
            if len(self._buffer) > LONGEST_REPLY:
                raise BrokenWireError("garbled")
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.removesuffix(b"\r")

    def _receive(self, deadline: float) -> bytes:
        self._socket.settimeout(max(deadline - self._monotonic(), 0.001))
        try:
            received = self._socket.recv(16_384)
        except TimeoutError as silence:
            raise BrokenWireError("timeout") from silence
        except OSError as gone:
            raise BrokenWireError("dropped") from gone
        if not received:
            raise BrokenWireError("dropped")
        return received

    def encrypt(self, context: ssl.SSLContext, host: str, timeout: float) -> None:
        """Go over to TLS. OSError or ssl.SSLError if the handshake fails.

        Bytes that came in clear behind the 220 may be an attacker's, who wants them read as encrypted
        (CVE-2011-0411): then the connection is given up."""
        if self._buffer:
            raise BrokenWireError("garbled")
        self._socket.settimeout(timeout)
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def close(self) -> None:
        """Close without a word; a broken connection has nobody to say QUIT to."""
        self._socket.close()
