"""Which clients newsletters keep away from just now: asked by the review of an issue, and again when one of
its emails is about to leave."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from aftercare.domain.caps import PRIORITY
from aftercare.domain.newsletters import AFTER_A_VISIT, AFTER_STRONG_FEELINGS, NOTHING, Quiet
from aftercare.flows.calendar import spec_of
from aftercare.store import quiet as rows
from aftercare.store.quiet import Visits

FOREVER = datetime.max.replace(tzinfo=UTC)
"""Until it ends: nobody can say when."""


def read(
    db: Session, clinic_id: str, client_ids: Collection[str] | None = None, *, now: datetime
) -> dict[str, Quiet]:
    """What makes newsletters wait, by client; without those for whom nothing does. `client_ids`: of these
    clients only. Reads only.

    The support path counts while it runs; emails after strong feelings while they run, and for 14 days after
    the visit in any case; any visit for 3 days."""
    found: dict[str, Quiet] = {}
    for client_id, visits in rows.visits_since(
        db, now - AFTER_STRONG_FEELINGS, clinic_id, client_ids
    ).items():
        found[client_id] = _after(visits)
    for run in rows.going_on(db, clinic_id, client_ids):
        priority = PRIORITY[spec_of(run.version).priority]
        before = found.get(run.client_id, NOTHING)
        if priority == PRIORITY["support"]:
            found[run.client_id] = Quiet(True, before.tender_until, before.visit_until)
        elif priority == PRIORITY["tender"]:
            # An email of it that waits beyond its moment (on hold) ends nobody knows when.
            until = run.last if run.last > now else FOREVER
            found[run.client_id] = Quiet(
                before.support, _later(until, before.tender_until), before.visit_until
            )
    return found


def _after(visits: Visits) -> Quiet:
    tender = None if visits.tender is None else visits.tender + AFTER_STRONG_FEELINGS
    return Quiet(tender_until=tender, visit_until=visits.last + AFTER_A_VISIT)


def _later(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else max(one, other)
