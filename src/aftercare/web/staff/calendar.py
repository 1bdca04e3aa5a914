"""The calendar: who gets what when, day by day."""

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from aftercare.errors import InvalidInput
from aftercare.flows import agenda
from aftercare.store import inbox
from aftercare.web.staff import frame
from aftercare.web.staff.deps import ViewerDep

STATES = (
    ("", "All, but for those taken back"),
    ("to-come", "To come"),
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("left-out", "Left out or failed"),
    ("taken-back", "Taken back"),
)
WEEK = timedelta(days=7)
router = APIRouter(prefix="/calendar")
Word = Annotated[str, Query(max_length=100)]


@router.get("")
def look(member: ViewerDep, start: Word = "", show: Word = "", sequence: Word = "") -> HTMLResponse:
    """Two weeks from a day on."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        found = agenda.read_agenda(
            db, member.clinic_id, start=_day(start), show=show, sequence=sequence, now=now
        )
        sequences = inbox.sequences_of(db, member.clinic_id)
    asked = {name: value for name, value in (("show", show), ("sequence", sequence)) if value}
    return frame.show(
        member,
        "calendar.html.j2",
        agenda=found,
        sequences=sequences,
        states=STATES,
        asked=asked,
        today=now.astimezone(found.zone).date(),
        earlier=_link(asked, found.start - WEEK),
        later=_link(asked, found.start + WEEK),
        onwards=_link(asked, found.end),
        now=now,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("start", "choose a day") from None
    if not 2000 <= day.year < 2100:
        raise InvalidInput("start", "choose a day between the years 2000 and 2100")
    return day


def _link(asked: dict[str, str], start: date) -> str:
    return f"/calendar?{urlencode(asked | {'start': start.isoformat()})}"
