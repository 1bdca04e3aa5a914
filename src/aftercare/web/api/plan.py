"""The plan of all clients: who gets what when."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Response

from aftercare.flows.plan import PlanEntry, read_plan
from aftercare.web.api import cursor as cursors
from aftercare.web.api.body import Shown
from aftercare.web.api.cursor import Cursor, From, Limit, To
from aftercare.web.deps import CallerDep

router = APIRouter(prefix="/plan", tags=["plan"])
USUALLY = timedelta(days=14)


class PlanEntryOut(Shown):
    """One email. `local`: the client's wall clock when it was sent, or is planned for."""

    id: str
    client_id: str
    sequence: str
    step: str
    topic: str
    state: str
    reason: str | None
    planned_for: datetime
    sent_at: datetime | None
    local: datetime


class PlanOut(Shown):
    """One page. Ask for the next one with `cursor`; null: there is none."""

    data: list[PlanEntryOut]
    next_cursor: str | None


@router.get("")
def show(
    caller: CallerDep,
    response: Response,
    start: From = None,
    end: To = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> PlanOut:
    """Emails planned from `from` up to `to`, sent and unsent; cancelled ones are left out."""
    start = start or caller.app.clock.now()
    end, after = end or start + USUALLY, cursors.read(cursor)
    with caller.app.reading() as db:
        page = read_plan(db, caller.clinic_id, start=start, end=end, after=after, limit=limit)
        data = [_entry(entry) for entry in page.entries]
    found = PlanOut(data=data, next_cursor=cursors.written(page.next) if page.next else None)
    if found.next_cursor:
        query: dict[str, str | int] = {
            "from": start.isoformat(),
            "to": end.isoformat(),
            "limit": limit,
            "cursor": found.next_cursor,
        }
        response.headers["Link"] = cursors.next_link("/api/v1/plan", **query)
    return found


def _entry(entry: PlanEntry) -> PlanEntryOut:
    row = entry.message
    return PlanEntryOut(
        id=row.id,
        client_id=row.client_id,
        sequence=entry.sequence,
        step=row.step_key,
        topic=row.topic,
        state=row.state,
        reason=row.reason,
        planned_for=row.planned_for,
        sent_at=row.sent_at,
        local=entry.local,
    )
