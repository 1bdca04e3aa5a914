"""Emails that rest until a day that the client chose: what falls into the pause is left out, never sent later
in a burst (R7)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.localtime import to_local, to_utc
from aftercare.domain.plan import LESS_OFTEN
from aftercare.domain.states import CANCELLABLE, MessageState
from aftercare.errors import InvalidInput
from aftercare.flows import replan
from aftercare.flows.calendar import zone_of
from aftercare.models import Client, Message
from aftercare.store import audit, clients, clinics, emails, inbox, messages

LONGEST = timedelta(days=366)
NOT_COMING = ("ambiguous", LESS_OFTEN)


@dataclass(frozen=True)
class Ahead:
    """An email that is still to come. `sequence` is its name for staff, `local` the client's clock."""

    message_id: str
    sequence: str
    step: str
    subject: str
    planned_for: datetime
    local: datetime


@dataclass(frozen=True)
class PauseMeaning:
    """What a pause would do. `until` (UTC) is the midnight `local` of the client at which it ends; `next` is
    the first email after it, as far as it is planned already."""

    until: datetime
    local: datetime
    left_out: tuple[Ahead, ...]
    next: Ahead | None


def pause(db: Session, clinic_id: str, client_id: str, until: date, *, by: str, now: datetime) -> None:
    """Let a client's emails rest up to the start of her local day `until`; another pause takes its place.

    InvalidInput unless that day is one of the next 366. What she asks for herself still comes (ADR 10)."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    instant = _midnight(until, _zone(db, client), now)
    if client.paused_until != instant:
        client.paused_until, client.paused_by = instant, by
        db.flush()
        replan.replan_client(db, client.id, now=now, by=by)
        _audit(db, client, "client.paused", by, now, until=until.isoformat())


def resume(db: Session, clinic_id: str, client_id: str, *, by: str, now: datetime) -> None:
    """End a pause early. What is too late by now is skipped, never sent in a burst (R7)."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    if client.paused_until is not None:
        client.paused_until = client.paused_by = None
        db.flush()
        replan.replan_client(db, client.id, now=now, by=by)
        _audit(db, client, "client.resumed", by, now)


def put_back(
    db: Session, client: Client, until: datetime | None, paused_by: str | None, *, by: str, now: datetime
) -> None:
    """The pause that stood before another one took its place (UTC), or none. Lock the client first."""
    client.paused_until, client.paused_by = until, paused_by if until else None
    db.flush()
    replan.replan_client(db, client.id, now=now, by=by)
    if until is None:
        _audit(db, client, "client.resumed", by, now)
    else:
        day = to_local(until, _zone(db, client)).date()
        _audit(db, client, "client.paused", by, now, until=day.isoformat())


def end(db: Session, client_id: str, *, now: datetime) -> None:
    """The pause is over: what fell into it is skipped for good, and the rest goes on. Harmless where it is
    not over, or over already."""
    client = clients.lock(db, client_id)
    if client.paused_until is None or client.paused_until > now:
        return
    for row in _to_come(db, client):
        if replan.falls_into_pause(client, row.planned_for):
            messages.set_state(row, MessageState.SKIPPED, reason="paused", by="engine", now=now)
            row.fence = row.lease_until = None
    client.paused_until = client.paused_by = None
    db.flush()
    replan.replan_client(db, client.id, now=now)
    _audit(db, client, "client.pause_ended", "engine", now)


def what_pause_means(
    db: Session, clinic_id: str, client_id: str, until: date, *, now: datetime
) -> PauseMeaning:
    """Which emails a pause until then would leave out, and which is the first after it. Reads only.
    InvalidInput as `pause`."""
    client = clients.get(db, clinic_id, client_id)
    zone = _zone(db, client)
    instant = _midnight(until, zone, now)
    names = {sequence.id: sequence.name for sequence in inbox.sequences_of(db, clinic_id)}
    ahead = [_ahead(db, row, names[row.sequence_id], zone) for row in _to_come(db, client)]
    later = (email for email in ahead if email.planned_for >= instant)
    return PauseMeaning(
        until=instant,
        local=to_local(instant, zone),
        left_out=tuple(email for email in ahead if email.planned_for < instant),
        next=next(later, None),
    )


def moved(client: Client, old: ZoneInfo, new: ZoneInfo) -> datetime | None:
    """When her pause ends after she moved to another zone: on the same date, at midnight there (R5)."""
    if client.paused_until is None:
        return None
    return to_utc(to_local(client.paused_until, old).replace(tzinfo=None), new)


def _to_come(db: Session, client: Client) -> list[Message]:
    """Her emails that a pause can keep back. One that may have arrived already is for staff to settle, and
    one that she asked not to have is left out anyway."""
    return [
        row
        for row in messages.of_client(db, client.id)
        if row.state in CANCELLABLE and row.purpose != "account" and row.reason not in NOT_COMING
    ]


def _ahead(db: Session, row: Message, sequence: str, zone: ZoneInfo) -> Ahead:
    return Ahead(
        message_id=row.id,
        sequence=sequence,
        step=row.step_key,
        subject=str(emails.get(db, row.email_version_id).document["subject"]),
        planned_for=row.planned_for,
        local=to_local(row.planned_for, zone),
    )


def _midnight(until: date, zone: ZoneInfo, now: datetime) -> datetime:
    today = to_local(now, zone).date()
    if not today < until <= today + LONGEST:
        raise InvalidInput("until", "choose a day from tomorrow on, at most a year ahead")
    return to_utc(datetime.combine(until, time()), zone, "until")


def _zone(db: Session, client: Client) -> ZoneInfo:
    return zone_of(client, clinics.get(db, client.clinic_id))


def _audit(db: Session, client: Client, action: str, by: str, now: datetime, **detail: str) -> None:
    audit.record(db, client.clinic_id, action, client.id, actor=by, now=now, detail=detail)
