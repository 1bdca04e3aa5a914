"""`aftercare serve` and `aftercare migrate`."""

from contextlib import nullcontext
from typing import Annotated

import typer

from aftercare.cli.listening import listen, open_port, until_told_to_end
from aftercare.cli.opening import open_app, say
from aftercare.embedded import EmbeddedWorker
from aftercare.errors import InvalidInput
from aftercare.migrations import upgrade


def migrate() -> None:
    """Bring the database to this version's tables."""
    app = open_app()
    upgrade(app.settings.database)
    say("The database is up to date.")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Web, and, while the broker is in memory, worker and beat as threads of this same process."""
    app = open_app()
    small = app.settings.broker_url.startswith("memory:")
    if small:
        upgrade(app.settings.database)
    try:
        listener = open_port(host, range(port, port + 1))
    except InvalidInput as error:
        say(f"aftercare: {error}")
        raise typer.Exit(1) from None
    with until_told_to_end(), EmbeddedWorker(app) if small else nullcontext():
        listener.listen()
        say(f"Aftercare listens on http://{host}:{listener.getsockname()[1]} - Ctrl-C stops it.")
        listen(listener)
