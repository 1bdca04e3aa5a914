"""`aftercare serve` and `aftercare migrate`."""

import os
from contextlib import nullcontext
from typing import Annotated

import typer
import uvicorn

from aftercare.bootstrap import App
from aftercare.cli.opening import open_app, say
from aftercare.embedded import EmbeddedWorker
from aftercare.migrations import upgrade
from aftercare.web.app import create_app


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
    say(f"Aftercare listens on http://{host}:{port} - Ctrl-C stops it.")
    with EmbeddedWorker(app) if small else nullcontext():
        _listen(app, host, port)
    app.close()
    if small:
        # A task that outlasts its grace would keep the process alive; its row's lease runs out instead.
        os._exit(0)


def _listen(app: App, host: str, port: int) -> None:
    try:
        uvicorn.run(
            create_app(app),
            host=host,
            port=port,
            log_config=None,  # its lines look like all others (aftercare.logs)
            log_level="warning",
            timeout_graceful_shutdown=1,
            lifespan="off",
        )
    except SystemExit:
        # uvicorn said why it cannot listen; its own exit code 3 would mean "not found" here.
        raise typer.Exit(1) from None
