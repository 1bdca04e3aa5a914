"""Appointments: booking, moving, cancelling, and one click that says how it went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from aftercare.domain.localtime import parse_instant, parse_zone
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import appointments, diary, preview
from aftercare.flows.appointments import Booking
from aftercare.flows.diary import Page
from aftercare.flows.preview import Preview
from aftercare.models import Clinic
from aftercare.store import appointments as rows
from aftercare.web.api.body import AppointmentId
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, TherapistDep
from aftercare.web.staff.words import counted, leaving

LENGTHS = (30, 45, 60, 75, 90, 120, 180)
"""Minutes."""
FIRST = {"yes": True, "no": False}
router = APIRouter(prefix="/appointments")
Text = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True)
class AppointmentForm:
    """The form as it was sent; times are on the clinic's clock."""

    client_id: Text = ""
    starts_at: Text = ""
    minutes: Text = "60"
    therapist_id: Text = ""
    service: Text = ""
    first: Text = ""

    def times(self, clinic: Clinic) -> tuple[datetime, datetime]:
        """Start and end. InvalidInput."""
        start = parse_instant(self.starts_at, parse_zone(clinic.timezone), "starts_at")
        if not self.minutes.isdecimal() or len(self.minutes) > 4:
            raise InvalidInput("minutes", "choose how long it takes")
        return start, start + timedelta(minutes=int(self.minutes))

    def booking(self, clinic: Clinic) -> Booking:
        """What is to be booked. InvalidInput."""
        start, end = self.times(clinic)
        return Booking(
            client_id=self.client_id,
            starts_at=start,
            ends_at=end,
            therapist_id=self.therapist_id or None,
            service=self.service.strip(),
            first_session=FIRST.get(self.first),
        )


FormDep = Annotated[AppointmentForm, Depends()]


@router.get("/new")
def ask(member: TherapistDep, client: str = "") -> HTMLResponse:
    """When, and with whom."""
    with member.app.reading() as db:
        page = diary.read_page(db, member.clinic_id, client)
    form = AppointmentForm(client_id=page.client.id, therapist_id=page.therapist_id or member.staff_id)
    return _show(member, page, form)


@router.post("")
def book(member: TherapistDep, form: FormDep) -> Response:
    """Book it; a worker plans what comes before."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        page = diary.read_page(db, member.clinic_id, form.client_id)
    try:
        with member.app.transaction() as db:
            booking = form.booking(page.clinic)
            booked = appointments.book(db, member.clinic_id, booking, by=member.by, now=now)
            plan = preview.preview_booked(db, booked, now=now)
    except InvalidInput as error:
        return _show(member, page, form, error)
    except Conflict as error:
        return frame.back(member, f"/clients/{page.client.id}", str(error), tone="note")
    member.app.submit("schedule_appointment", booked.id)
    return frame.back(member, f"/clients/{page.client.id}", _told(page, plan, now))


@router.get("/{appointment_id}")
def look(member: TherapistDep, appointment_id: AppointmentId) -> HTMLResponse:
    """One appointment, to be moved or cancelled."""
    page = _page(member, appointment_id)
    starts_at, minutes = page.typed
    return _show(member, page, AppointmentForm(starts_at=starts_at, minutes=minutes))


@router.post("/{appointment_id}/move")
def move(member: TherapistDep, appointment_id: AppointmentId, form: FormDep) -> Response:
    """Another time: what was not sent yet follows."""
    page = _page(member, appointment_id)
    try:
        start, end = form.times(page.clinic)
        with member.app.transaction() as db:
            appointments.move(
                db, member.clinic_id, appointment_id, start, end, by=member.by, now=member.app.clock.now()
            )
    except InvalidInput as error:
        return _show(member, page, form, error)
    except Conflict as error:
        return frame.back(member, f"/clients/{page.client.id}", str(error), tone="note")
    member.app.submit("schedule_appointment", appointment_id)
    told = "Moved. Emails that were not sent yet follow it; none comes twice."
    return frame.back(member, f"/clients/{page.client.id}", told)


@router.post("/{appointment_id}/cancel")
def cancel(member: TherapistDep, appointment_id: AppointmentId) -> Response:
    """It will not take place."""
    page = _page(member, appointment_id)
    try:
        with member.app.transaction() as db:
            now = member.app.clock.now()
            appointments.cancel(db, member.clinic_id, appointment_id, by=member.by, now=now)
    except Conflict as error:
        return frame.back(member, f"/clients/{page.client.id}", str(error), tone="note")
    told = "The appointment is cancelled. Its emails that were not sent yet do not come."
    return frame.back(member, f"/clients/{page.client.id}", told)


@router.post("/{appointment_id}/outcome")
def say_how_it_went(
    member: TherapistDep, appointment_id: AppointmentId, outcome: Text = "", then: Text = ""
) -> Response:
    """Log its session, or that there was none."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        client_id = rows.get(db, member.clinic_id, appointment_id).client_id
    path = f"/clients/{client_id}" if then == "client" else "/today"
    try:
        with member.app.transaction() as db:
            logged = appointments.say_how_it_went(
                db, member.clinic_id, appointment_id, outcome, by=member.by, now=now
            )
            plan = preview.preview_session(db, logged, now=now)
    except Conflict as error:
        return frame.back(member, path, str(error), tone="note")
    member.app.submit("schedule_followups", logged.id)
    undo = f"/sessions/{logged.id}/undo"
    return frame.back(member, path, _told_outcome(outcome, plan), undo=undo, seconds=60)


def _page(member: Member, appointment_id: str) -> Page:
    with member.app.reading() as db:
        return diary.read_page(db, member.clinic_id, "", appointment_id)


def _told(page: Page, plan: Preview, now: datetime) -> str:
    if not plan.leaving:
        return "Booked. No emails come before it."
    first = leaving(plan.leaving[0].leaves_at or now, page.zone, now)
    return f"Booked. {counted(len(plan.leaving), 'email').capitalize()} before it, the first {first}."


def _told_outcome(outcome: str, plan: Preview) -> str:
    if outcome == "did_not_happen":
        return "Noted that it did not happen. Nothing was sent for it."
    return (
        f"Logged. {counted(len(plan.coming), 'email').capitalize() if plan.coming else 'No emails'} after it."
    )


def _show(
    member: Member, page: Page, form: AppointmentForm, error: InvalidInput | None = None
) -> HTMLResponse:
    minutes = int(form.minutes) if form.minutes.isdecimal() else 60
    values: dict[str, Any] = {
        "page": page,
        "form": form,
        "error": error,
        "now": member.app.clock.now(),
        "lengths": [(str(one), f"{one} minutes") for one in sorted({*LENGTHS, minutes})],
        "staff_options": [
            ("", "Not decided yet"),
            *((one.id, one.first_name or "No name") for one in page.staff),
        ],
    }
    return frame.show(member, "appointment.html.j2", 422 if error else 200, **values)
