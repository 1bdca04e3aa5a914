"""Where a working day starts: what goes out today, what needs a person, and whether sending works."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.localtime import to_utc
from aftercare.domain.states import MessageState
from aftercare.flows import delays, signup_mail
from aftercare.flows.appointments import ASKED_FOR
from aftercare.flows.calendar import zone_of
from aftercare.flows.delays import Delay
from aftercare.flows.support_path import HELD_BECAUSE
from aftercare.models import Client, Clinic, Sequence
from aftercare.store import alerts, appointments, checkins, clinics, settings, today
from aftercare.store.alerts import Raised
from aftercare.store.appointments import Asked
from aftercare.store.checkins import Answered
from aftercare.store.inbox import Letter
from aftercare.store.today import WithoutConsent

LOOK_BACK = timedelta(days=7)
SILENT_AFTER = timedelta(seconds=90)
"""Workers sweep every half minute even without a beat, so three sweeps are missing."""


@dataclass(frozen=True)
class TodaysEmail:
    """One email of today. `at`: when it went or goes out, UTC; `zone`: the client's."""

    letter: Letter
    at: datetime
    zone: ZoneInfo

    @property
    def is_sent(self) -> bool:
        """Whether a mail server has taken it."""
        return self.letter.message.state == MessageState.SENT


@dataclass(frozen=True)
class Today:
    """`silent_for`: how long nothing has looked for due emails, `delay`: what the mail server keeps waiting;
    both None where all is well."""

    clinic: Clinic
    zone: ZoneInfo
    now: datetime
    emails: list[TodaysEmail]
    trouble: list[Letter]
    on_hold: list[Client]
    calls: list[Raised]
    """Who would like a call, or gets extra support, until somebody releases them."""
    untold: frozenset[str]
    """Alerts that no email told anybody of."""
    not_so_well: list[Answered]
    """Answers that somebody should read; nothing waits for that."""
    to_ask_about: list[Asked]
    """Appointments that are over, and nobody has said how they went."""
    without_consent: list[WithoutConsent]
    paused: list[tuple[Sequence, int]]
    silent_for: timedelta | None
    delay: Delay | None
    signups_unanswered: int
    """Forms of the newsletter that brought no email, where there are strangely many; else 0."""
    has_clients: bool
    has_sessions: bool

    @property
    def sent(self) -> int:
        """How many of today's have left already."""
        return sum(email.is_sent for email in self.emails)

    @property
    def needs_somebody(self) -> bool:
        """Whether anything waits for a person."""
        lists = (self.calls, self.not_so_well, self.to_ask_about, self.trouble, self.on_hold)
        return any(lists) or bool(self.without_consent or self.paused)


def read_today(db: Session, clinic_id: str, *, now: datetime, unshifted: datetime) -> Today:
    """The clinic's local day around `now`."""
    clinic = clinics.get(db, clinic_id)
    zone = ZoneInfo(clinic.timezone)
    start, end = _day(now, zone)
    since = now - LOOK_BACK
    calls = alerts.still_open(db, clinic_id)
    return Today(
        clinic=clinic,
        zone=zone,
        now=now,
        emails=[_email(letter, clinic) for letter in today.of_day(db, clinic_id, start, end)],
        trouble=today.in_trouble(db, clinic_id, since),
        on_hold=_on_hold(db, clinic_id, calls),
        calls=calls,
        untold=frozenset(one.id for one in alerts.reached_nobody(db, clinic_id)),
        not_so_well=checkins.unseen(db, clinic_id),
        to_ask_about=appointments.to_ask_about(db, clinic_id, since=now - ASKED_FOR, now=now),
        without_consent=today.without_consent(db, clinic_id, since),
        paused=today.paused(db, clinic_id),
        silent_for=_silence(db, unshifted),
        delay=delays.overdue(db, now=now, clinic_id=clinic_id),
        signups_unanswered=signup_mail.unanswered(db, clinic_id, unshifted),
        has_clients=today.has_clients(db, clinic_id),
        has_sessions=today.has_sessions(db, clinic_id),
    )


def _on_hold(db: Session, clinic_id: str, calls: list[Raised]) -> list[Client]:
    """Whoever waits for a person and does not stand among those who would like a call."""
    called = {one.client.id for one in calls}
    held = today.on_hold(db, clinic_id)
    return [one for one in held if one.held_reason != HELD_BECAUSE or one.id not in called]


def _day(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    date = now.astimezone(zone).date()
    midnights = (datetime.combine(date + timedelta(days=days), time()) for days in (0, 1))
    start, end = (to_utc(midnight, zone) for midnight in midnights)
    return start, end


def _email(letter: Letter, clinic: Clinic) -> TodaysEmail:
    return TodaysEmail(letter, letter.message.comes_at, zone_of(letter.client, clinic))


def _silence(db: Session, unshifted: datetime) -> timedelta | None:
    swept = settings.last_beat(db, "sweep")
    if swept is None:
        return timedelta.max
    age = unshifted - swept
    return age if age > SILENT_AFTER else None
