"""Who gets what when: some days of a clinic, on its own calendar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.localtime import to_local, to_utc
from aftercare.domain.states import MessageState
from aftercare.errors import InvalidInput
from aftercare.flows import pictures
from aftercare.flows.calendar import zone_of
from aftercare.flows.roster import Place, place_then
from aftercare.models import Client, Clinic, Message
from aftercare.models import Sequence as SequenceRow
from aftercare.store import agenda, clinics
from aftercare.store.agenda import Entry

DAYS = 14
MOST = 300
"""Emails of one page: a busy clinic sees fewer days at once."""
_S = MessageState
_OPEN = (_S.PLANNED, _S.CLAIMED, _S.TRANSMITTING, _S.UNKNOWN, _S.HELD)
SHOWN: Mapping[str, Sequence[MessageState]] = MappingProxyType(
    {
        "": (*_OPEN, _S.SENT, _S.SKIPPED, _S.FAILED),
        "to-come": _OPEN,
        "waiting": (_S.HELD,),
        "sent": (_S.SENT,),
        "left-out": (_S.SKIPPED, _S.FAILED),
        "taken-back": (_S.CANCELLED,),
    }
)
"""What can be looked for; what was taken back only shows where it is asked for."""


@dataclass(frozen=True)
class AgendaEmail:
    """One email. `at`: when it went or is to go out, UTC; `zone`: the client's."""

    message: Message
    client: Client
    sequence: SequenceRow
    subject: str
    place: Place | None
    at: datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Day:
    """A day of the clinic's calendar with its emails."""

    date: date
    emails: tuple[AgendaEmail, ...]


@dataclass(frozen=True)
class Agenda:
    """The days from `start` up to `end` (exclusive) that bring anything. `end` lies nearer where there would
    be too much; `cut`: that not even the first day is here in full."""

    zone: ZoneInfo
    start: date
    end: date
    days: tuple[Day, ...]
    cut: bool = False

    @property
    def last(self) -> date:
        """The last of its days."""
        return self.end - timedelta(days=1)


def read_agenda(
    db: Session, clinic_id: str, *, start: date | None, show: str = "", sequence: str = "", now: datetime
) -> Agenda:
    """`DAYS` days from the clinic's local day `start` on, else from today. `show`: a key of `SHOWN`;
    `sequence`: a slug, or nothing for all. InvalidInput."""
    if show not in SHOWN:
        raise InvalidInput("show", f"choose from {', '.join(filter(None, SHOWN))}")
    clinic = clinics.get(db, clinic_id)
    zone = ZoneInfo(clinic.timezone)
    first = start or to_local(now, zone).date()
    entries = agenda.between(
        db,
        clinic_id,
        _midnight(first, 0, zone),
        _midnight(first, DAYS, zone),
        states=SHOWN[show],
        sequence=sequence or None,
        limit=MOST + 1,
    )
    days = _days((_email(entry, clinic) for entry in entries[:MOST]), zone)
    if len(entries) <= MOST:
        return Agenda(zone, first, first + timedelta(days=DAYS), days)
    # The last day may be there in part only: it begins the next page, unless it is all there is.
    whole = days[:-1] or days
    return Agenda(zone, first, whole[-1].date + timedelta(days=1), whole, cut=len(days) == 1)


def _midnight(day: date, days_on: int, zone: ZoneInfo) -> datetime:
    try:
        return to_utc(datetime.combine(day + timedelta(days=days_on), time()), zone, "start")
    except OverflowError:
        raise InvalidInput("start", "choose a nearer day") from None


def _days(emails: Iterable[AgendaEmail], zone: ZoneInfo) -> tuple[Day, ...]:
    grouped = groupby(emails, key=lambda email: to_local(email.at, zone).date())
    return tuple(Day(day, tuple(of_day)) for day, of_day in grouped)


def _email(entry: Entry, clinic: Clinic) -> AgendaEmail:
    message = entry.message
    return AgendaEmail(
        message=message,
        client=entry.client,
        sequence=entry.sequence,
        subject=pictures.line(entry.email.document["subject"], (message.fields or {}).get("values", {})),
        place=place_then(entry.run, entry.version, message),
        at=message.comes_at,
        zone=zone_of(entry.client, clinic),
    )
