"""Who would like a call: taken on, spoken with, released. And answers that somebody should read."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from aftercare.flows import alert_board, checkins, clients, support_path
from aftercare.web.api.body import AlertId, CheckinId, ClientId
from aftercare.web.staff import frame
from aftercare.web.staff.deps import TherapistDep, ViewerDep

router = APIRouter()
HOME = "/alerts"


@router.get("/alerts")
def look(member: ViewerDep) -> HTMLResponse:
    """What is open and what was, with the time to each reply."""
    with member.app.reading() as db:
        board = alert_board.read_board(db, member.clinic_id)
    return frame.show(member, "alerts.html.j2", board=board, took=took)


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge(member: TherapistDep, alert_id: AlertId) -> Response:
    """“I will ring.”"""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        alert = support_path.acknowledge(db, member.clinic_id, alert_id, by=member.by, now=now)
    mine = alert.acknowledged_by == member.by
    told = "It is yours, and others see that." if mine else "A colleague has taken it on already."
    return frame.back(member, HOME, told)


@router.post("/alerts/{alert_id}/spoken")
def spoken(member: TherapistDep, alert_id: AlertId) -> Response:
    """“I have spoken with them.”"""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        support_path.record_call(db, member.clinic_id, alert_id, by=member.by, now=now)
    return frame.back(member, HOME, "Recorded. Their other emails wait until you release them.")


@router.post("/alerts/{alert_id}/contacts")
def send_contacts(member: TherapistDep, alert_id: AlertId) -> Response:
    """The contacts did not reach her, and can now."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        is_sent = support_path.send_contacts(db, member.clinic_id, alert_id, by=member.by, now=now)
    member.app.submit("sweep")
    told = (
        "The contacts are on their way." if is_sent else "They have them already, or no email can reach them."
    )
    return frame.back(member, HOME, told)


@router.post("/alerts/{alert_id}/release")
def release(member: TherapistDep, alert_id: AlertId) -> Response:
    """Let her other emails go on."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        go_on = clients.end_support(db, member.clinic_id, alert_id, by=member.by, now=now)
    member.app.submit("sweep")
    told = (
        "Released. What is too late by now is left out."
        if go_on
        else "Extra support is over. Their emails still wait, for the other reason on their page."
    )
    return frame.back(member, HOME, told)


@router.post("/clients/{client_id}/support")
def start(member: TherapistDep, client_id: ClientId) -> Response:
    """A colleague starts extra support."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        support_path.begin_by_hand(db, member.clinic_id, client_id, by=member.by, now=now)
    member.app.submit("sweep")
    told = "Started. They get the contacts now, and their other emails wait until you release them."
    return frame.back(member, f"/clients/{client_id}", told)


@router.post("/checkins/{checkin_id}/seen")
def seen(member: TherapistDep, checkin_id: CheckinId) -> Response:
    """Somebody has read an answer."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        checkins.take_note(db, member.clinic_id, checkin_id, by=member.by, now=now)
    return frame.back(member, "/today", "Noted. The answer stays on the client's page.")


def took(time: timedelta) -> str:
    """`4 minutes`, `2 hours 10 minutes`, `3 days`; `less than a minute`."""
    minutes = int(time.total_seconds() // 60)
    parts = [(minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute")]
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said[:2]) or "less than a minute"
