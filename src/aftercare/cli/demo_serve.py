"""The sandbox in the browser: one process, one folder, and nothing that leaves this computer."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket
from textwrap import dedent

from aftercare import bootstrap
from aftercare.bootstrap import App
from aftercare.cli.listening import listen, open_port
from aftercare.config import Settings
from aftercare.embedded import EmbeddedWorker
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import sandbox
from aftercare.flows.sandbox_cast import CLINIC, PASSWORD, STAFF
from aftercare.migrations import upgrade

DATABASE = "sandbox.sqlite3"
"""Not the name of a real installation's file, so that the wrong --folder opens nobody's clinic."""
HOST, FIRST_PORT, PORTS_TRIED = "127.0.0.1", 8000, 20


def serve(folder: Path, port: int | None) -> None:
    """Serve the sandbox of `folder`, made where it is missing, until Ctrl-C or SIGTERM.

    Without `port`, the one of the last time or else the first free one from 8000 on. InvalidInput, and
    Conflict where another process serves this folder."""
    with _alone_in(folder):
        listener = _listener(folder, port)
        app = _open(folder, listener.getsockname()[1])
        print("Setting up the sandbox ...", flush=True)
        sandbox.open_sandbox(app)
        with EmbeddedWorker(app):
            # From here on the system keeps visitors waiting who are quicker than the web application.
            listener.listen()
            print(_greeting(app, folder), flush=True)
            listen(listener)


def _open(folder: Path, port: int) -> App:
    """The sandbox's app. The environment has no say: nothing leads out of this computer."""
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / DATABASE}",
        sandbox=True,
        public_url=f"http://{HOST}:{port}",
        mail_domain=CLINIC.sender_address.partition("@")[2],
    )
    upgrade(settings.database)
    app = bootstrap.build(settings)
    bootstrap.use(app)
    return app


def _listener(folder: Path, port: int | None) -> socket:
    """Links in emails name the port, so the one of the last time is taken again where it is free."""
    if port is not None:
        listener = open_port(HOST, range(port, port + 1))
    else:
        try:
            last = _last_port(folder)
            listener = open_port(HOST, range(last, last + 1))
        except InvalidInput:
            listener = open_port(HOST, range(FIRST_PORT, FIRST_PORT + PORTS_TRIED))
    (folder / "port").write_text(str(listener.getsockname()[1]))
    return listener


def _last_port(folder: Path) -> int:
    with suppress(OSError, ValueError):
        return int((folder / "port").read_text())
    return FIRST_PORT


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """No other process serves this folder while the block lasts; its end, however it comes, sets it free."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise InvalidInput("--folder", f"cannot write to {folder} ({error.strerror})") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(
                f"A sandbox of {folder} is running already. Stop it, or name another --folder."
            ) from None
        yield


def _greeting(app: App, folder: Path) -> str:
    others = "\n".join(f"    {role:<10} {sandbox.staff_address(name)}" for name, role in STAFF)
    return dedent("""
        The sandbox is open:  {url}
          It signs you in as Robin, the owner. Nothing leaves this computer.

          To see what another role sees: sign out, then sign in with the password {password}
        {others}

          Everything is kept in {folder} (emails as .eml files in {outbox}).
          Ctrl-C stops it; starting again goes on.
        """).format(
        url=app.settings.public_url,
        password=PASSWORD,
        others=others,
        folder=folder,
        outbox=folder / "outbox",
    )
