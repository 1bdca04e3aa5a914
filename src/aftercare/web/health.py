"""Signs of life for load balancers and monitoring."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from aftercare import queue
from aftercare.bootstrap import App
from aftercare.flows import checkup
from aftercare.flows.checkup import Readiness
from aftercare.web.errors import Problem, respond

ANSWER_SECONDS = 2.0
RETRY_SECONDS = "10"
NO_DATABASE = Readiness("The database cannot be reached. Try again soon.")
_T = TypeVar("_T")
_log = structlog.get_logger()

router = APIRouter(include_in_schema=False)

# One thread for each question, of its own: while the database hangs, every thread of the web waits for it,
# and what cannot be asked in time must still be said.
_database = ThreadPoolExecutor(1, "readyz-database")
_broker = ThreadPoolExecutor(1, "readyz-broker")


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers; it asks nobody else."""
    return {"status": "ok"}


@router.get("/readyz", response_model=None)
async def ready(request: Request) -> Response | dict[str, str | float | bool | None]:
    """200 while people can be served: the database answers and is migrated; else 503, within 3 seconds.

    `sweep_age_seconds` (null: never) and `broker` are told and do not count: emails wait without workers, but
    unsubscribing works."""
    app: App = request.app.state.aftercare
    found, broker = await asyncio.gather(
        _in_time(_database, lambda: _readiness(app), NO_DATABASE),
        _in_time(_broker, lambda: queue.waiting() is not None, False),
    )
    if found.why:
        _log.warning("not_ready", why=found.why)
        return respond(request, Problem(503, found.why), {"Retry-After": RETRY_SECONDS})
    return {"status": "ok", "sweep_age_seconds": found.sweep_age_seconds, "broker": broker}


def _readiness(app: App) -> Readiness:
    try:
        return checkup.readiness(app)
    except (DBAPIError, PoolTimeoutError):
        return NO_DATABASE


async def _in_time(thread: ThreadPoolExecutor, ask: Callable[[], _T], otherwise: _T) -> _T:
    """The answer, or `otherwise` after `ANSWER_SECONDS`. A question that has not begun by then is dropped,
    so that none pile up behind one that hangs."""
    try:
        return await asyncio.wait_for(asyncio.wrap_future(thread.submit(ask)), ANSWER_SECONDS)
    except TimeoutError:
        return otherwise
