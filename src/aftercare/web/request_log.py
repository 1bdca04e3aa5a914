"""One line per request: which route, not which address: addresses hold tokens and ids of people (P16)."""

from time import monotonic

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUIET_ROUTES = ("/healthz", "/readyz")
"""Asked every few seconds; said only where they answer with an error."""

AREAS = ("/api/v1", "/static")

_log = structlog.get_logger()


def request_log(inner: ASGIApp) -> ASGIApp:
    """ASGI middleware; stands inside of `edge`, which gives requests their ids."""

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        status, started = 500, monotonic()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=scope["state"]["request_id"]):
            try:
                await inner(scope, receive, watch)
            finally:
                _say(scope, status, monotonic() - started)

    return outer


def _say(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    say = _log.debug if route in QUIET_ROUTES and status < 400 else _log.info
    say("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000))


def _route(scope: Scope) -> str:
    """`/api/v1/clients/{client_id}`; FastAPI keeps only what stands behind a router's prefix."""
    found: str = getattr(scope.get("route"), "path", "")
    area = next((area for area in AREAS if scope["path"].startswith(f"{area}/")), "")
    return (found if found.startswith(area) else area + found) or "no route"
