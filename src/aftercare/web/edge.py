"""The outermost shell: ids of requests, a limit for bodies, and no traceback to the outside, ever."""

import re
import secrets
import traceback
from pathlib import Path

import structlog
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aftercare.web import errors
from aftercare.web.staff.deps import is_signed_in

MAX_BODY = 1_000_000
LARGER_BODIES = {"/clients/import": 20_100_000}
"""Bytes, of those who are signed in; a file of clients may have 20 MB, and a form around it."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = structlog.get_logger()


def edge(inner: ASGIApp) -> ASGIApp:
    """ASGI middleware around everything else."""

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = request_id = _request_id(scope)
        stamped = _stamped(send, request_id)
        try:
            await inner(scope, await _limited(scope, receive), stamped)
        # Whatever it is: its text may hold what a person sent (SQLAlchemy prints parameters), so it must
        # reach neither the answer nor the server's own log of tracebacks.
        except Exception as error:  # noqa: BLE001 - the last net: nothing may pass it as a traceback
            _report(scope, request_id, error)
            await errors.broken(Request(scope))(scope, receive, stamped)

    return outer


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def _stamped(send: Send, request_id: str) -> Send:
    async def stamp(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = request_id
            headers["X-Content-Type-Options"] = "nosniff"
            headers.setdefault("Referrer-Policy", "no-referrer")
        await send(message)

    return stamp


async def _limited(scope: Scope, receive: Receive) -> Receive:
    declared = Headers(scope=scope).get("content-length", "0")
    size = int(declared) if declared.isdecimal() and len(declared) < 20 else 0
    limit = await _limit(scope) if size > MAX_BODY else MAX_BODY

    async def count() -> Message:
        nonlocal size
        message = await receive()
        arrived.append(len(message.get("body", b"")))
        if max(size, sum(arrived)) > limit:
            raise HTTPException(413)
        return message

    arrived: list[int] = []
    return count


async def _limit(scope: Scope) -> int:
    """A body is read before any endpoint asks who sends it, so it is asked here."""
    larger = LARGER_BODIES.get(scope["path"], MAX_BODY)
    is_known = larger > MAX_BODY and await run_in_threadpool(is_signed_in, Request(scope))
    return larger if is_known else MAX_BODY


def _report(scope: Scope, request_id: str, error: Exception) -> None:
    route = getattr(scope.get("route"), "path", "no route")
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    _log.error("request.failed", request_id=request_id, route=route, error=type(error).__name__, at=places)
