"""Who hears of “Please call me”, and when people work: a clinic's hours, its duty and second contact."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.hours import Hours
from aftercare.errors import InvalidInput, NotFound
from aftercare.flows import recipients
from aftercare.flows.starting import why_silent
from aftercare.models import Alert, Clinic, Staff
from aftercare.store import alerts, audit, clinics
from aftercare.store import recipients as recipient_rows

ANSWERED_WITHIN = timedelta(hours=2)
"""Working time after which the second contact is told (content section 2, SAFE)."""
ESCALATED = "alert.escalated"
"""In the trail: somebody was told later than the first one; who, is its detail `told`."""
RINGS = ("owner", "editor", "therapist")
"""Roles that may be named: who may only look cannot release anybody."""


@dataclass(frozen=True)
class Ringing:
    """Who rings a client (nobody that is known, where no email reaches anybody), and when, in the clinic's
    zone. `until` (UTC): the clinic is open, until then; `opens` (UTC): when it opens next, from now where it
    is closed, else from `until` on. Neither: nobody knows when it opens."""

    first_name: str
    zone: ZoneInfo
    until: datetime | None = None
    opens: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether somebody knows, or is being told, that she would like a call."""
        return bool(self.first_name)


def hours_of(clinic: Clinic) -> Hours:
    """When people work there; never, where that is not known."""
    return Hours.parse(clinic.opening or {}, clinic.closed_on or ())


def set_hours(
    db: Session, clinic_id: str, week: Mapping[str, str], closed: Collection[str], *, by: str, now: datetime
) -> None:
    """When people work, as `Hours.parse` reads it. Alerts that nobody has acknowledged are counted anew.
    InvalidInput names the day; a week without any hours is refused."""
    hours = Hours.parse(week, closed)
    if not hours.ever_open:
        raise InvalidInput("hours", "give the times of at least one day, such as 09:00-17:00")
    clinic = clinics.get(db, clinic_id)
    clinic.opening, clinic.closed_on = hours.written(), sorted(day.isoformat() for day in hours.closed)
    for alert in alerts.unanswered(db, clinic_id):
        alerts.lock(db, alert.id).escalate_at = escalation(clinic, alert.raised_at)
    db.flush()
    audit.record(db, clinic_id, "clinic.hours_set", clinic_id, actor=by, now=now)


def set_contacts(
    db: Session, clinic_id: str, duty_id: str, second_id: str | None, *, by: str, now: datetime
) -> None:
    """Who is told, and who after two working hours. InvalidInput where that is nobody who may ring."""
    clinic = clinics.get(db, clinic_id)
    duty = _who_may_ring(db, clinic_id, duty_id, "duty")
    second = _who_may_ring(db, clinic_id, second_id, "second") if second_id else None
    if second is not None and second.id == duty.id:
        raise InvalidInput("second", "name somebody else, or nobody")
    name(db, clinic, duty, second, now=now)
    audit.record(db, clinic_id, "clinic.duty_set", clinic_id, actor=by, now=now)


def name(db: Session, clinic: Clinic, duty: Staff, second: Staff | None, *, now: datetime) -> None:
    """Name them, with the rows by which they get emails, so that an alert has none to add."""
    clinic.duty_id, clinic.second_id = duty.id, second.id if second else None
    for member in filter(None, (duty, second)):
        recipients.recipient(db, member, now=now)
    db.flush()


def is_ready(clinic: Clinic) -> bool:
    """Whether somebody would hear of “Please call me”, and it is known when people work."""
    return bool(clinic.duty_id and clinic.opening and clinic.country)


def candidates(db: Session, clinic_id: str) -> list[Staff]:
    """Who may be named, by first name."""
    return [member for member in clinics.staff_of(db, clinic_id) if member.role in RINGS]


def on_duty(db: Session, clinic: Clinic) -> list[Staff]:
    """Who is told first, and who second: those who are named, as far as they may ring still and their address
    takes emails, else owners. Empty where an email reaches nobody."""
    staff = {member.id: member for member in candidates(db, clinic.id) if _is_reached(db, member)}
    named = [staff[one] for one in (clinic.duty_id, clinic.second_id) if one in staff]
    return named or [member for member in staff.values() if member.role == "owner"]


def forget(db: Session, member: Staff) -> None:
    """She works here no longer: the second contact takes her place, or the first owner."""
    clinic = clinics.get(db, member.clinic_id)
    left = [one for one in on_duty(db, clinic) if one.id != member.id]
    if clinic.duty_id == member.id:
        clinic.duty_id = left[0].id if left else None
    if clinic.second_id in (member.id, clinic.duty_id):
        clinic.second_id = None


def escalation(clinic: Clinic, raised_at: datetime) -> datetime:
    """When the second contact is told of an alert (UTC): by the clock where nobody knows when people work."""
    found = hours_of(clinic).after(raised_at, ANSWERED_WITHIN, ZoneInfo(clinic.timezone))
    return found or raised_at + ANSWERED_WITHIN


def ringing(db: Session, clinic: Clinic, now: datetime, alert: Alert | None = None) -> Ringing:
    """Who rings and when. `alert`: whose acknowledgement may have named somebody else."""
    zone, hours = ZoneInfo(clinic.timezone), hours_of(clinic)
    first = next(iter(on_duty(db, clinic)), None)
    acknowledged = _who_said(db, clinic.id, alert.acknowledged_by) if alert else None
    rings = acknowledged or first
    until = hours.closing(now, zone)
    opens = hours.next_opening(until or now, zone)
    return Ringing(rings.first_name if rings else "", zone, until=until, opens=opens)


def _is_reached(db: Session, member: Staff) -> bool:
    row = recipient_rows.of_staff(db, member.id)
    return row is None or why_silent(db, row) is None


def _who_said(db: Session, clinic_id: str, actor: str | None) -> Staff | None:
    kind, _, staff_id = (actor or "").partition(":")
    if kind != "staff":
        return None
    try:
        return clinics.staff_member(db, clinic_id, staff_id)
    except NotFound:
        return None


def _who_may_ring(db: Session, clinic_id: str, staff_id: str | None, field: str) -> Staff:
    found = next((one for one in candidates(db, clinic_id) if one.id == staff_id), None)
    if found is None:
        raise InvalidInput(field, "choose somebody who works here and may do more than look")
    return found
