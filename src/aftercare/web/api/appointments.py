"""Appointments: booking one answers with what will come before it, and how it goes is said by its session."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from aftercare.flows import appointments, diary, preview
from aftercare.flows.appointments import Booking
from aftercare.flows.preview import Preview
from aftercare.models import Appointment
from aftercare.web.api import cursor as cursors
from aftercare.web.api.body import AppointmentId, Body, ClientId, Instant, Line, Shown, StaffId
from aftercare.web.api.cursor import Cursor, From, Limit, To
from aftercare.web.api.plan import USUALLY
from aftercare.web.api.sessions import PlannedMessage
from aftercare.web.deps import CallerDep
from aftercare.web.idempotency import OnceDep

router = APIRouter(prefix="/appointments", tags=["appointments"])


class AppointmentIn(Body):
    """A visit that is to take place. No `ends_at`: an hour later. No `first_session`: we look whether the
    client was here before."""

    client_id: ClientId
    starts_at: Instant
    ends_at: Instant | None = None
    therapist_id: StaffId | None = None
    service: Line = ""
    first_session: bool | None = None


class AppointmentMove(Body):
    """Another time. No `ends_at`: it takes as long as before."""

    starts_at: Instant
    ends_at: Instant | None = None


class PlannedBefore(Shown):
    """What comes before an appointment. `note`: `planned`, or why nothing does."""

    starts: bool
    note: str
    sequence: str | None
    messages: list[PlannedMessage]


class AppointmentOut(Shown):
    """An appointment as it stands. `plan_note` stays empty until a worker has planned it; `session_id`: the
    session that says how it went."""

    id: str
    client_id: str
    therapist_id: str | None
    starts_at: datetime
    ends_at: datetime
    service: str
    first_session: bool
    booked_at: datetime
    cancelled_at: datetime | None
    plan_note: str | None
    session_id: str | None


class BookedAppointment(AppointmentOut):
    """An appointment that was just booked, with what comes before it."""

    plan: PlannedBefore


class Appointments(Shown):
    """One page. Ask for the next one with `cursor`; null: there is none."""

    data: list[AppointmentOut]
    next_cursor: str | None


@router.get("")
def list_some(
    caller: CallerDep,
    response: Response,
    client_id: Annotated[ClientId | None, Query()] = None,
    start: From = None,
    end: To = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Appointments:
    """Appointments that begin from `from` up to `to`, earliest first, cancelled ones too; of one client with
    `client_id`."""
    start = start or caller.app.clock.now()
    end, after = end or start + USUALLY, cursors.read(cursor)
    with caller.app.reading() as db:
        found, following = diary.read_list(
            db, caller.clinic_id, client_id, start=start, end=end, after=after, limit=limit
        )
        data = [AppointmentOut.model_validate(one) for one in found]
    place = cursors.written(following) if following else None
    if place:
        query: dict[str, str | int] = {
            "from": start.isoformat(),
            "to": end.isoformat(),
            "limit": limit,
            "cursor": place,
        }
        about = {"client_id": client_id} if client_id else {}
        response.headers["Link"] = cursors.next_link("/api/v1/appointments", **about, **query)
    return Appointments(data=data, next_cursor=place)


@router.post("", status_code=201, response_model=BookedAppointment)
def book(new: AppointmentIn, caller: CallerDep, once: OnceDep) -> Response:
    """Book an appointment. Its emails are planned by a worker right after; `plan` already tells which."""
    booking, now = Booking(**new.model_dump()), caller.app.clock.now()
    with caller.app.transaction() as db:
        if (before := once.replay(db)) is not None:
            return before
        booked = appointments.book(db, caller.clinic_id, booking, by=caller.by, now=now)
        plan = preview.preview_booked(db, booked, now=now)
        answer = once.keep(db, 201, _shown(booked, plan), f"/api/v1/appointments/{booked.id}")
    # After the commit: a worker is quick enough to look for the row before it is there.
    caller.app.submit("schedule_appointment", booked.id)
    return answer


@router.patch("/{appointment_id}")
def move(appointment_id: AppointmentId, to: AppointmentMove, caller: CallerDep) -> AppointmentOut:
    """Move it. Unsent emails follow, sent ones do not come again."""
    now = caller.app.clock.now()
    with caller.app.transaction() as db:
        moved = appointments.move(
            db, caller.clinic_id, appointment_id, to.starts_at, to.ends_at, by=caller.by, now=now
        )
    caller.app.submit("schedule_appointment", moved.id)
    return AppointmentOut.model_validate(moved)


@router.delete("/{appointment_id}", status_code=204)
def cancel(appointment_id: AppointmentId, caller: CallerDep) -> None:
    """It will not take place: its unsent emails go with it. Doing it again changes nothing."""
    now = caller.app.clock.now()
    with caller.app.transaction() as db:
        appointments.cancel(db, caller.clinic_id, appointment_id, by=caller.by, now=now)


def _shown(appointment: Appointment, plan: Preview) -> BookedAppointment:
    shown = AppointmentOut.model_validate(appointment)
    return BookedAppointment(**shown.model_dump(), plan=PlannedBefore.model_validate(plan))
