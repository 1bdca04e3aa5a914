"""When something has happened: everything stops for one client, or a session was somebody else's."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import clients as client_flows
from aftercare.flows import life_events
from aftercare.store import clients
from aftercare.store import sessions as session_rows
from aftercare.web.api.body import ClientId, SessionId
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, TherapistDep
from aftercare.web.staff.sessions import OUTCOMES, SHOWN

HAPPENED = (
    ("moved_away", "They have moved away", "Nothing more is sent. You can take it back."),
    ("died", "They have died", "Nothing more is sent to them or about them, and lists say so."),
    ("complaint_open", "A complaint is open", "Emails wait until somebody releases the hold."),
)
COMPLAINT = "complaint_open"
router = APIRouter()
Text = Annotated[str, Form(max_length=200)]


@router.get("/clients/{client_id}/life")
def ask(member: TherapistDep, client_id: ClientId) -> HTMLResponse:
    """What has happened."""
    return _ask(member, client_id)


@router.post("/clients/{client_id}/life")
def happened(member: TherapistDep, client_id: ClientId, what: Text = "") -> Response:
    """Stop or hold, by what has happened."""
    if what not in {one for one, _, _ in HAPPENED}:
        return _ask(member, client_id, InvalidInput("reason", "choose what has happened"))
    if what == COMPLAINT:
        with member.app.transaction() as db:
            now = member.app.clock.now()
            client_flows.hold(db, member.clinic_id, client_id, reason=COMPLAINT, by=member.by, now=now)
        return frame.back(member, f"/clients/{client_id}", "On hold. Nothing goes out.")
    return stop_everything(member, client_id, what)


@router.post("/clients/{client_id}/stop-everything")
def stop_everything(member: TherapistDep, client_id: ClientId, reason: Text = "stop_now") -> Response:
    """Nothing at all goes out to her from now on."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        new = life_events.stop_everything(db, member.clinic_id, client_id, reason, by=member.by, now=now)
    undo = f"/clients/{client_id}/restore" if new else ""
    return frame.back(
        member, f"/clients/{client_id}", "Everything is stopped. Nothing more goes out.", undo=undo
    )


@router.post("/clients/{client_id}/restore")
def restore(member: TherapistDep, client_id: ClientId) -> Response:
    """It was a mistake, or is over."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        life_events.take_stop_back(db, member.clinic_id, client_id, by=member.by, now=now)
    member.app.submit("sweep")
    return frame.back(member, f"/clients/{client_id}", "Taken back. What is too late by now is left out.")


@router.get("/sessions/{session_id}/whose")
def ask_whose(member: TherapistDep, session_id: SessionId) -> HTMLResponse:
    """Whose session it was in truth."""
    return _whose(member, session_id)


@router.post("/sessions/{session_id}/whose/search")
def find_whose(member: TherapistDep, session_id: SessionId, words: Text = "") -> HTMLResponse:
    """Clients by name. A POST, because an address that is typed here must not end up in a log of URLs."""
    return _whose(member, session_id, words)


@router.post("/sessions/{session_id}/whose")
def was_hers(member: TherapistDep, session_id: SessionId, client_id: Text = "") -> Response:
    """Take it back here, and log it for her."""
    with member.app.reading() as db:
        here = session_rows.get(db, member.clinic_id, session_id).client_id
    try:
        with member.app.transaction() as db:
            now = member.app.clock.now()
            logged = life_events.was_somebody_else(
                db, member.clinic_id, session_id, client_id, by=member.by, now=now
            )
    except Conflict as error:
        return frame.back(member, f"/clients/{here}", str(error), tone="note")
    member.app.submit("schedule_followups", logged.id)
    told = "Logged here, and taken back where it stood. Emails that were sent cannot come back."
    return frame.back(member, f"/clients/{client_id}", told)


def _ask(member: Member, client_id: str, error: InvalidInput | None = None) -> HTMLResponse:
    with member.app.reading() as db:
        client = clients.get(db, member.clinic_id, client_id)
    page = {"client": client, "happened": HAPPENED, "error": error}
    return frame.show(member, "client_life.html.j2", 422 if error else 200, **page)


def _whose(member: Member, session_id: str, words: str = "") -> HTMLResponse:
    with member.app.reading() as db:
        session = session_rows.get(db, member.clinic_id, session_id)
        client = clients.get(db, member.clinic_id, session.client_id)
        if words.strip():
            found = clients.search(db, member.clinic_id, words, limit=SHOWN)
        else:
            found = clients.recent(db, member.clinic_id, limit=SHOWN)
    return frame.show(
        member,
        "session_whose.html.j2",
        client=client,
        session=session,
        outcome=next(label for value, label, _ in OUTCOMES if value == session.outcome),
        found=[one for one in found if one.id != client.id],
        words=words.strip(),
    )
