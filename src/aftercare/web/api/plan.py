"""The plan of all clients: who gets what when."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from aftercare.errors import InvalidInput
from aftercare.flows.plan import Place, PlanEntry, read_plan
from aftercare.web.api.body import Instant, Shown
from aftercare.web.deps import CallerDep

router = APIRouter(prefix="/plan", tags=["plan"])
USUALLY = timedelta(days=14)
_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00)\|(msg_[a-z2-7]{24})")


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
    start: Annotated[Instant | None, Query(alias="from", description="Default: now.")] = None,
    end: Annotated[Instant | None, Query(alias="to", description="Default: 14 days later.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> PlanOut:
    """Emails planned from `from` up to `to`, sent and unsent; cancelled ones are left out."""
    start = start or caller.app.clock.now()
    end, after = end or start + USUALLY, _place(cursor)
    with caller.app.reading() as db:
        page = read_plan(db, caller.clinic_id, start=start, end=end, after=after, limit=limit)
        data = [_entry(entry) for entry in page.entries]
    found = PlanOut(data=data, next_cursor=_cursor(page.next) if page.next else None)
    if found.next_cursor:
        query = {
            "from": start.isoformat(),
            "to": end.isoformat(),
            "limit": limit,
            "cursor": found.next_cursor,
        }
        response.headers["Link"] = f'</api/v1/plan?{urlencode(query)}>; rel="next"'
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


def _cursor(place: Place) -> str:
    return urlsafe_b64encode(f"{place[0].isoformat()}|{place[1]}".encode()).decode()


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    with suppress(ValueError):
        if found := _PLACE.fullmatch(urlsafe_b64decode(cursor.encode()).decode()):
            return datetime.fromisoformat(found[1]), found[2]
    raise InvalidInput("cursor", "is not one of ours; begin again without it")
