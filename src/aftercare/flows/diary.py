"""What the pages of appointments need to know."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.errors import InvalidInput
from aftercare.flows.calendar import zone_of
from aftercare.flows.logins import may
from aftercare.flows.plan import LONGEST, Place
from aftercare.models import Appointment, Client, Clinic, Staff
from aftercare.store import appointments, clients, clinics
from aftercare.store import sessions as session_rows


@dataclass(frozen=True)
class Page:
    """A client whose next visit is booked or moved. `appointment`: the one that is moved, if any;
    `therapist_id`: whom the client saw last."""

    client: Client
    clinic: Clinic
    zone: ZoneInfo
    staff: list[Staff]
    appointment: Appointment | None
    therapist_id: str

    @property
    def is_elsewhere(self) -> bool:
        """Whether the client's clock may show another time than the clinic's."""
        return self.zone.key != self.clinic.timezone

    @property
    def typed(self) -> tuple[str, str]:
        """Start on the clinic's wall clock, as a form has it, and length in minutes; an hour at no time yet
        where nothing is booked."""
        if self.appointment is None:
            return "", "60"
        start = self.appointment.starts_at.astimezone(ZoneInfo(self.clinic.timezone))
        length = self.appointment.ends_at - self.appointment.starts_at
        return f"{start:%Y-%m-%dT%H:%M}", str(int(length.total_seconds() // 60))


@dataclass(frozen=True)
class Booked:
    """An appointment with whom it is (the staff name), and whether it is over and nobody has said how it
    went."""

    appointment: Appointment
    therapist: str
    is_open: bool


def read_page(db: Session, clinic_id: str, client_id: str, appointment_id: str = "") -> Page:
    """What the form starts with. NotFound, also where the appointment is another client's."""
    appointment = appointments.get(db, clinic_id, appointment_id) if appointment_id else None
    client = clients.get(db, clinic_id, appointment.client_id if appointment else client_id)
    clinic = clinics.get(db, clinic_id)
    staff = [member for member in clinics.staff_of(db, clinic_id) if may(member.role, "therapist")]
    seen_by = [one.therapist_id for one in session_rows.of_client(db, client.id) if one.cancelled_at is None]
    known = [one for one in seen_by if one in {member.id for member in staff}]
    return Page(
        client=client,
        clinic=clinic,
        zone=zone_of(client, clinic),
        staff=staff,
        appointment=appointment,
        therapist_id=str(known[-1]) if known else "",
    )


def read_list(
    db: Session,
    clinic_id: str,
    client_id: str | None,
    *,
    start: datetime,
    end: datetime,
    after: Place | None,
    limit: int,
) -> tuple[list[Appointment], Place | None]:
    """Appointments that begin from `start` (inclusive) to `end` (exclusive; UTC), earliest first, at most
    `limit`, of one client where she is named; and where the following page begins. InvalidInput, NotFound."""
    if not start < end <= start + LONGEST:
        raise InvalidInput("to", f"must lie behind from, by at most {LONGEST.days} days")
    if client_id is not None:
        clients.get(db, clinic_id, client_id)
    found = appointments.page(db, clinic_id, client_id, start=start, end=end, after=after, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], (last.starts_at, last.id) if last else None


def of_client(db: Session, client: Client, *, now: datetime) -> list[Booked]:
    """A client's appointments that no session tells of, earliest first."""
    logged = {one.id for one in session_rows.of_client(db, client.id) if one.cancelled_at is None}
    names = {member.id: member.first_name for member in clinics.staff_of(db, client.clinic_id)}
    return [
        Booked(one, names.get(one.therapist_id or "", ""), one.cancelled_at is None and one.ends_at <= now)
        for one in appointments.of_client(db, client.id)
        if one.session_id not in logged
    ]
