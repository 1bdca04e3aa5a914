"""The clinic's settings: when people work, and who hears of “Please call me”. For owners."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from aftercare.domain.hours import DAYS
from aftercare.errors import InvalidInput
from aftercare.flows import duty, support_path
from aftercare.models import Clinic
from aftercare.store import clinics, leaving_reasons
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, OwnerDep

router = APIRouter(prefix="/settings")
Text = Annotated[str, Form(max_length=200)]
DAY_NAMES: Mapping[str, str] = MappingProxyType(
    dict(zip(DAYS, ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"), strict=True))
)
"""Without the `day` at their end."""
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "too_many": "Too many emails",
        "not_useful": "They are of no use to them",
        "private": "They would rather not have this in their mailbox",
        "in_person": "They would rather talk to somebody",
        "other": "Something else",
    }
)
"""Why people asked for fewer emails, as the page of their settings offers it."""


@dataclass(frozen=True)
class Typed:
    """What was sent and could not be taken, with the reason."""

    error: InvalidInput
    values: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def look(member: OwnerDep) -> HTMLResponse:
    """Hours and contacts as they are."""
    return _page(member)


@router.post("/hours")
def set_hours(
    member: OwnerDep,
    mon: Text = "",
    tue: Text = "",
    wed: Text = "",
    thu: Text = "",
    fri: Text = "",
    sat: Text = "",
    sun: Text = "",
    closed: Annotated[str, Form(max_length=3000)] = "",
) -> Response:
    """When people work, and on which dates nobody does."""
    week = dict(zip(DAYS, (mon, tue, wed, thu, fri, sat, sun), strict=True))
    try:
        with member.app.transaction() as db:
            now = member.app.clock.now()
            duty.set_hours(db, member.clinic_id, week, closed.split(), by=member.by, now=now)
    except InvalidInput as error:
        return _page(member, Typed(error, {**week, "closed": closed}))
    return frame.back(member, "/settings", "Saved. Clients who would like a call are told these times.")


@router.post("/contacts")
def set_contacts(member: OwnerDep, duty_id: Text = "", second_id: Text = "") -> Response:
    """Who is told first, and who second."""
    try:
        with member.app.transaction() as db:
            now = member.app.clock.now()
            duty.set_contacts(db, member.clinic_id, duty_id, second_id or None, by=member.by, now=now)
            support_path.hand_over(db, member.clinic_id, now=now)
    except InvalidInput as error:
        return _page(member, Typed(error, {"duty_id": duty_id, "second_id": second_id}))
    member.app.submit("sweep")
    return frame.back(member, "/settings", "Saved. They are told by an email that names nobody.")


def _page(member: Member, typed: Typed | None = None) -> HTMLResponse:
    with member.app.reading() as db:
        clinic = clinics.get(db, member.clinic_id)
        people = [(one.id, one.first_name) for one in duty.candidates(db, member.clinic_id)]
        reasons = [(REASONS[key], count) for key, count in leaving_reasons.totals(db, clinic.id)]
    values = {**_stored(clinic), **(typed.values if typed else {})}
    return frame.show(
        member,
        "settings.html.j2",
        422 if typed else 200,
        values=values,
        error=typed.error if typed else None,
        days=DAY_NAMES,
        people=people,
        hours_in_emails=clinic.hours,
        is_ready=duty.is_ready(clinic),
        reasons=reasons,
        fewest=leaving_reasons.FEWEST,
    )


def _stored(clinic: Clinic) -> dict[str, str]:
    return {
        **dict.fromkeys(DAYS, ""),
        **clinic.opening,
        "closed": "\n".join(clinic.closed_on),
        "duty_id": clinic.duty_id or "",
        "second_id": clinic.second_id or "",
    }
