"""Who gets what when: a clinic's emails of some days, those that were sent and those that are to come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.localtime import to_local
from aftercare.errors import InvalidInput
from aftercare.flows.calendar import zone_of
from aftercare.models import Message
from aftercare.store import clinics, plan

LONGEST = timedelta(days=366)
Place = tuple[datetime, str]
"""Where a page ended: the planned instant and the id of its last message."""


@dataclass(frozen=True)
class PlanEntry:
    """One email. `local`: the client's wall clock when it was sent, or is planned for."""

    message: Message
    sequence: str
    local: datetime


@dataclass(frozen=True)
class PlanPage:
    """Some entries in the order of their planned instants; `next`: where the following page begins."""

    entries: list[PlanEntry]
    next: Place | None


def read_plan(
    db: Session, clinic_id: str, *, start: datetime, end: datetime, after: Place | None, limit: int
) -> PlanPage:
    """Emails planned from `start` (inclusive) to `end` (exclusive), at most `limit`. InvalidInput."""
    if not start < end <= start + LONGEST:
        raise InvalidInput("to", f"must lie behind from, by at most {LONGEST.days} days")
    clinic = clinics.get(db, clinic_id)
    rows = plan.page(db, clinic_id, start=start, end=end, after=after, limit=limit + 1)
    entries = [
        PlanEntry(
            row.message,
            row.sequence,
            to_local(row.message.sent_at or row.message.planned_for, zone_of(row.client, clinic)),
        )
        for row in rows[:limit]
    ]
    last = rows[limit - 1].message if len(rows) > limit else None
    return PlanPage(entries, (last.planned_for, last.id) if last else None)
