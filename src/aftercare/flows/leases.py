"""Keeps a claim alive while its worker is alive: a slow relay must not look like a dead worker (P6, F12)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from aftercare.flows.tools import Tools
from aftercare.store import dispatch as rows

log = structlog.get_logger()

RENEWALS_PER_LEASE = 3


@contextmanager
def kept(tools: Tools, fence: str) -> Iterator[None]:
    """Renew the lease of everything that this fence holds, claimed or in transmission, until the block
    ends. A process that is killed renews nothing, which is the point of a lease."""
    finished = Event()
    keeper = Thread(target=_keep, args=(tools, fence, finished), name="lease-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        finished.set()
        keeper.join()


def _keep(tools: Tools, fence: str, finished: Event) -> None:
    lease = timedelta(seconds=tools.settings.lease_seconds)
    while not finished.wait(lease.total_seconds() / RENEWALS_PER_LEASE):
        try:
            with tools.transaction() as db:
                rows.renew_lease(db, fence, tools.clock.unshifted() + lease)
        except SQLAlchemyError as error:
            log.warning("lease_not_renewed", error=type(error).__name__)
