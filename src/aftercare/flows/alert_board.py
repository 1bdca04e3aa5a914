"""Who would like a call, as staff read it: what is open, what was, and how long each took. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.flows import actors, duty, support_mail
from aftercare.flows.starting import why_silent
from aftercare.models import Alert, CheckinResponse, Client, Clinic
from aftercare.store import alerts, audit, checkins, clinics
from aftercare.store.alerts import Raised

MOST = 50


@dataclass(frozen=True)
class Line:
    """One alert. How long things took is None where they have not come, or where a colleague began it.

    `told_later`: who was told after the first one, as the trail writes it, where that is known.
    `contacts`: whether the email with the contacts went to her (`sent`, `coming`, `none`); `is_silent`: no
    email can; `said_stop`: she has, since, so that nothing follows the contacts. Told of open ones only."""

    alert: Alert
    client: Client
    response: CheckinResponse | None
    told_later: str = ""
    contacts: str = ""
    is_silent: bool = False
    said_stop: bool = False

    @property
    def was_asked_for(self) -> bool:
        """Whether she asked for it, rather than a colleague."""
        return self.alert.raised_by.startswith("client:")

    @property
    def answered_after(self) -> timedelta | None:
        """Until somebody took it on."""
        return self._since(self.alert.acknowledged_at)

    @property
    def spoken_after(self) -> timedelta | None:
        """Until somebody had spoken with her."""
        return self._since(self.alert.spoken_at)

    def _since(self, then: datetime | None) -> timedelta | None:
        return then - self.alert.raised_at if then and self.was_asked_for else None


@dataclass(frozen=True)
class Board:
    """`told`: first names of who is told first and second."""

    clinic: Clinic
    zone: ZoneInfo
    open: tuple[Line, ...]
    past: tuple[Line, ...]
    told: tuple[str, ...]
    names: Mapping[str | None, str]


def read_board(db: Session, clinic_id: str) -> Board:
    """All that is open, and the newest of what was."""
    clinic = clinics.get(db, clinic_id)
    lines = [_with_told(db, _with_mail(db, _line(one))) for one in alerts.still_open(db, clinic_id)]
    past = [_line(one) for one in alerts.closed(db, clinic_id, limit=MOST)]
    return Board(
        clinic=clinic,
        zone=ZoneInfo(clinic.timezone),
        open=tuple(lines),
        past=tuple(past),
        told=tuple(member.first_name for member in duty.on_duty(db, clinic)[:2]),
        names=names(db, clinic_id, [*lines, *past]),
    )


def of_client(db: Session, client: Client) -> Line | None:
    """What is open for one client."""
    alert = alerts.open_of(db, client.id)
    if alert is None:
        return None
    response = checkins.get(db, client.clinic_id, alert.response_id) if alert.response_id else None
    return Line(alert, client, response)


def names(db: Session, clinic_id: str, lines: list[Line]) -> Mapping[str | None, str]:
    """A name for everybody who did something about these alerts."""
    did = [
        actor
        for line in lines
        for alert in [line.alert]
        for actor in (
            line.told_later,
            alert.raised_by,
            alert.acknowledged_by,
            alert.spoken_by,
            alert.closed_by,
        )
    ]
    return actors.names(db, clinic_id, did)


def _line(raised: Raised) -> Line:
    return Line(raised.alert, raised.client, raised.response)


def _with_told(db: Session, line: Line) -> Line:
    at = line.alert.escalated_at
    entries = audit.of_subject(db, line.client.clinic_id, line.client.id) if at else []
    told = [
        entry.detail.get("told", "") for entry in entries if (entry.action, entry.at) == (duty.ESCALATED, at)
    ]
    return replace(line, told_later=told[-1] if told else "")


def _with_mail(db: Session, line: Line) -> Line:
    return replace(
        line,
        contacts=support_mail.contacts_of(db, line.client, line.alert),
        is_silent=why_silent(db, line.client) is not None,
        said_stop=support_mail.said_stop(db, line.client, line.alert),
    )
