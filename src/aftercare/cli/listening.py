"""Listening on a port, and ending when told to: by Ctrl-C or SIGTERM, within seconds, without a traceback."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn

from aftercare.errors import InvalidInput

ENDINGS = (signal.SIGINT, signal.SIGTERM)
# By name, since importing it takes a third of the start of every other command.
WEB = "aftercare.web.app:create_current"
GRACE_SECONDS = 1
"""How long requests that are being answered may go on."""


def open_port(host: str, ports: range) -> socket.socket:
    """The first of these ports that is free; it listens once told to. InvalidInput where none is."""
    taken: OSError | None = None
    for port in ports:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            listener.close()
            taken = error
        else:
            return listener
    reason = taken.strerror if taken else "no port"
    raise InvalidInput("--port", f"cannot listen on {host}:{ports[0]} ({reason}); choose another with --port")


def listen(listener: socket.socket) -> None:
    """Serve the web application of `bootstrap.current()` until Ctrl-C or SIGTERM."""
    # uvicorn answers both signals by itself, and then repeats them for whoever listened before: nobody.
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    config = uvicorn.Config(
        WEB,
        factory=True,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="off",
    )
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def until_told_to_end() -> Iterator[None]:
    """Run the block; Ctrl-C or SIGTERM ends it early as if it had come to its end. Then the process ends.
    Only an error goes on to the caller.

    A shell that starts us in the background has SIGINT ignored: it is listened to all the same."""
    earlier = {ending: signal.signal(ending, _end) for ending in ENDINGS}
    try:
        with suppress(KeyboardInterrupt):
            yield
    except Exception:
        for ending, handler in earlier.items():
            signal.signal(ending, handler)
        raise
    sys.stdout.flush()
    print("Stopped.", file=sys.stderr)
    # A task that outlasts its grace would keep the process alive; its row's lease runs out instead.
    os._exit(0)


def _end(_number: int, _frame: FrameType | None) -> None:
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt
