"""Letting one client's emails rest: a pause until a day, a hold until somebody releases it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import InvalidInput
from aftercare.flows import clients, pausing
from aftercare.flows.calendar import zone_of
from aftercare.flows.pausing import PauseMeaning
from aftercare.models import Client
from aftercare.store import clients as rows
from aftercare.store import clinics
from aftercare.web.api.body import ClientId
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, TherapistDep
from aftercare.web.staff.timeline import HOLD_REASONS
from aftercare.web.staff.words import day

PRESETS = (("2 weeks", 14), ("1 month", 30), ("3 months", 91))
router = APIRouter(prefix="/clients/{client_id}")
Text = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True)
class Wish:
    """How long a client wants to rest, as it was typed, and what that would mean."""

    until: str
    meaning: PauseMeaning | None = None
    error: InvalidInput | None = None


@router.get("/pause")
def ask_pause(
    member: TherapistDep, client_id: ClientId, until: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Until when, and what that means for what stands planned."""
    if not until:
        return _ask_pause(member, client_id, Wish(""))
    now = member.app.clock.now()
    try:
        with member.app.reading() as db:
            meaning = pausing.what_pause_means(db, member.clinic_id, client_id, _date(until), now=now)
    except InvalidInput as error:
        return _ask_pause(member, client_id, Wish(until, error=error))
    return _ask_pause(member, client_id, Wish(until, meaning))


@router.post("/pause")
def pause(member: TherapistDep, client_id: ClientId, until: Text = "") -> Response:
    """Let her emails rest."""
    try:
        with member.app.transaction() as db:
            client = rows.get(db, member.clinic_id, client_id)
            anew, now = client.paused_until is None, member.app.clock.now()
            pausing.pause(db, member.clinic_id, client_id, _date(until), by=member.by, now=now)
    except InvalidInput as error:
        return _ask_pause(member, client_id, Wish(until, error=error))
    undo = f"/clients/{client_id}/resume" if anew else ""
    return _done(member, client_id, f"Paused until {day(_date(until), now)}.", undo)


@router.post("/resume")
def resume(member: TherapistDep, client_id: ClientId) -> Response:
    """Her emails go on."""
    with member.app.transaction() as db:
        pausing.resume(db, member.clinic_id, client_id, by=member.by, now=member.app.clock.now())
    member.app.submit("sweep")
    return _done(member, client_id, "Emails go on. What is too late by now is left out.")


@router.get("/hold")
def ask_hold(member: TherapistDep, client_id: ClientId) -> HTMLResponse:
    """Why, without a word about her health."""
    client, _ = _client(member, client_id)
    return frame.show(member, "client_hold.html.j2", client=client, reasons=HOLD_REASONS, error=None)


@router.post("/hold")
def hold(member: TherapistDep, client_id: ClientId, reason: Text = "") -> Response:
    """Nothing goes out to her until somebody releases the hold."""
    client, _ = _client(member, client_id)
    if reason not in HOLD_REASONS:
        error = InvalidInput("reason", "choose one of these")
        page = {"client": client, "reasons": HOLD_REASONS, "error": error}
        return frame.show(member, "client_hold.html.j2", 422, **page)
    with member.app.transaction() as db:
        now = member.app.clock.now()
        clients.hold(db, member.clinic_id, client_id, reason=reason, by=member.by, now=now)
    return _done(member, client_id, "On hold. Nothing goes out.", f"/clients/{client_id}/release")


@router.post("/release")
def release(member: TherapistDep, client_id: ClientId) -> Response:
    """Let her emails go on."""
    with member.app.transaction() as db:
        go_on = clients.release(db, member.clinic_id, client_id, by=member.by, now=member.app.clock.now())
    member.app.submit("sweep")
    told = (
        "Released. What is too late by now is left out."
        if go_on
        else "That reason is gone. Their emails still wait, because they would like a call."
    )
    return _done(member, client_id, told)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("until", "choose a day") from None


def _client(member: Member, client_id: str) -> tuple[Client, ZoneInfo]:
    with member.app.reading() as db:
        client = rows.get(db, member.clinic_id, client_id)
        return client, zone_of(client, clinics.get(db, member.clinic_id))


def _ask_pause(member: Member, client_id: str, wish: Wish) -> HTMLResponse:
    client, zone = _client(member, client_id)
    now = member.app.clock.now()
    presets = [(name, _days_on(now, zone, days)) for name, days in PRESETS]
    status = 422 if wish.error else 200
    page = {"client": client, "zone": zone, "wish": wish, "presets": presets, "now": now}
    return frame.show(member, "client_pause.html.j2", status, **page)


def _days_on(now: datetime, zone: ZoneInfo, days: int) -> date:
    return now.astimezone(zone).date() + timedelta(days=days)


def _done(member: Member, client_id: str, told: str, undo: str = "") -> Response:
    return frame.back(member, f"/clients/{client_id}", told, undo=undo)
