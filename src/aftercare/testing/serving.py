"""The web application on a real server, for browsers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from aftercare.bootstrap import App
from aftercare.web.app import create_app


@contextmanager
def served(app: App) -> Iterator[str]:
    """Serve this app on a free port of 127.0.0.1 while the block lasts; its address, which links in emails
    lead to from then on."""
    # It listens from here on: who comes before the server has started waits in the queue.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app.settings = app.settings.model_copy(update={"public_url": address})
        server = uvicorn.Server(uvicorn.Config(create_app(app), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield address
        server.should_exit = True
        thread.join()
