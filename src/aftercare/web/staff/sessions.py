"""Log a session: who, how it went, the plan with real dates before anything is saved, a minute to undo."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from aftercare.domain.localtime import parse_zone
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import consent_request, logging_sessions, preview, sessions
from aftercare.flows.consent_request import CannotAsk
from aftercare.flows.logging_sessions import Desk
from aftercare.flows.preview import Preview
from aftercare.flows.sessions import SessionFacts
from aftercare.models import CareSession, Client
from aftercare.store import clients
from aftercare.store import sessions as session_rows
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, TherapistDep
from aftercare.web.staff.saved import told_saved, told_undone
from aftercare.web.staff.typed import typed_instant

OUTCOMES = (
    ("ordinary", "Ordinary", "The visit went as visits go."),
    ("strong_feelings", "Strong feelings came up", "Gentler emails, and more of them."),
    ("no_aftercare", "No aftercare", "No new emails; those under way go on."),
    ("did_not_happen", "Did not happen", "Emails already under way go on."),
)
SHOWN = 8
router = APIRouter(prefix="/sessions")
Text = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True)
class SessionForm:
    """The form as it was sent."""

    client_id: Text
    ended_at: Text = ""
    outcome: Text = ""
    therapist_id: Text = ""
    service: Text = ""
    first_session: Annotated[bool, Form()] = False
    form_id: Text = ""
    ask: Annotated[bool, Form()] = False

    def facts(self, desk: Desk) -> SessionFacts:
        """What is to be logged; times are on the clinic's clock. InvalidInput."""
        zone = parse_zone(desk.clinic.timezone)
        return SessionFacts(
            client_id=self.client_id,
            ended_at=typed_instant(self.ended_at, zone, "ended_at"),
            outcome=self.outcome,
            therapist_id=self.therapist_id or None,
            service=self.service.strip(),
            first_session=self.first_session,
        )


FormDep = Annotated[SessionForm, Depends()]


@router.get("/new")
def ask(member: TherapistDep, client: str = "") -> HTMLResponse:
    """First the client, then the session."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        if not client:
            found = clients.recent(db, member.clinic_id, limit=SHOWN)
            return frame.show(member, "session_client.html.j2", found=found, words="")
        desk = logging_sessions.read_desk(db, member.clinic_id, client, member.staff_id, now=now)
    form = SessionForm(
        client_id=desk.client.id,
        ended_at=f"{desk.ended_at:%Y-%m-%dT%H:%M}",
        therapist_id=desk.therapist_id,
        first_session=desk.first_session,
        form_id=secrets.token_urlsafe(16),
    )
    return frame.show(member, "session_new.html.j2", **_page(member, desk, form, None))


@router.post("/clients")
def find(request: Request, member: TherapistDep, words: Text = "") -> HTMLResponse:
    """Clients by name. A POST, because an address that is typed here must not end up in a log of URLs."""
    with member.app.reading() as db:
        search = clients.search if words.strip() else _recent
        found = search(db, member.clinic_id, words, limit=SHOWN)
    if "hx-request" in request.headers:
        return frame.fragment(member, "session_client_list.html.j2", found=found, words=words)
    return frame.show(member, "session_client.html.j2", found=found, words=words)


@router.post("/preview")
def show_plan(request: Request, member: TherapistDep, form: FormDep) -> HTMLResponse:
    """What would follow; nothing is saved."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        desk = logging_sessions.read_desk(db, member.clinic_id, form.client_id, member.staff_id, now=now)
        page = _page(member, desk, form, *_plan(db, member, desk, form))
    if "hx-request" in request.headers:
        return frame.fragment(member, "session_plan.html.j2", **page)
    return frame.show(member, "session_new.html.j2", **page)


@router.post("")
def save(member: TherapistDep, form: FormDep) -> Response:
    """Save, and let a worker plan what follows."""
    app, now = member.app, member.app.clock.now()
    with app.reading() as db:
        desk = logging_sessions.read_desk(db, member.clinic_id, form.client_id, member.staff_id, now=now)
    try:
        logged, plan, not_asked = _logged(member, desk, form, now)
    except InvalidInput as error:
        return frame.show(member, "session_new.html.j2", 422, **_page(member, desk, form, None, error))
    except Conflict as error:
        return frame.back(member, f"/clients/{desk.client.id}", str(error), tone="note")
    app.submit("schedule_followups", logged.id)
    asked = form.ask and not_asked is None
    return frame.back(
        member,
        f"/clients/{desk.client.id}",
        told_saved(desk, plan, now, asked=asked, not_asked=not_asked),
        undo=f"/sessions/{logged.id}/undo",
        seconds=60,
    )


@router.post("/{session_id}/undo")
def undo(session_id: str, member: TherapistDep) -> Response:
    """Within a minute: as if it had not been logged."""
    now = member.app.clock.now()
    try:
        with member.app.transaction() as db:
            undone = logging_sessions.undo(db, member.clinic_id, session_id, by=member.by, now=now)
    except Conflict:
        with member.app.reading() as db:
            client_id = session_rows.get(db, member.clinic_id, session_id).client_id
        told = "The minute is over. You can still cancel the session below."
        return frame.back(member, f"/clients/{client_id}", told, tone="note")
    return frame.back(member, f"/clients/{undone.session.client_id}", told_undone(undone.left))


@router.post("/{session_id}/cancel")
def cancel(session_id: str, member: TherapistDep, client_id: Text = "") -> Response:
    """Logged by mistake: its unsent emails go with it."""
    with member.app.transaction() as db:
        sessions.cancel_session(db, member.clinic_id, session_id, by=member.by, now=member.app.clock.now())
    path = f"/clients/{client_id}" if client_id.startswith("cli_") else "/today"
    return frame.back(member, path, "The session is cancelled. Emails that were sent cannot come back.")


def _logged(
    member: Member, desk: Desk, form: SessionForm, now: datetime
) -> tuple[CareSession, Preview, str | None]:
    """The session, what follows, and why nobody was asked for consent, should that have been wanted: the
    session is saved all the same."""
    not_asked = None
    with member.app.transaction() as db:
        logged, plan = logging_sessions.log_once(
            db,
            member.clinic_id,
            form.facts(desk),
            form_id=form.form_id,
            by=member.by,
            now=now,
            unshifted=member.app.clock.unshifted(),
        )
        if form.ask:
            try:
                consent_request.ask(
                    db, member.clinic_id, logged.client_id, session_id=logged.id, by=member.by, now=now
                )
            except CannotAsk as error:
                not_asked = error.reason
    return logged, plan, not_asked


def _recent(db: Session, clinic_id: str, _words: str, *, limit: int) -> list[Client]:
    return clients.recent(db, clinic_id, limit=limit)


def _plan(
    db: Session, member: Member, desk: Desk, form: SessionForm
) -> tuple[Preview | None, InvalidInput | None]:
    if not form.outcome:
        return None, None
    try:
        facts, now = form.facts(desk), member.app.clock.now()
        logging_sessions.check_end(facts.ended_at, now)
        return preview.preview_facts(db, member.clinic_id, facts, by=member.by, now=now), None
    except InvalidInput as error:
        return None, error


def _page(
    member: Member, desk: Desk, form: SessionForm, plan: Preview | None, error: InvalidInput | None = None
) -> dict[str, Any]:
    now = member.app.clock.now()
    why_not_ask = None
    if plan is not None and plan.note == "no_consent":
        with member.app.reading() as db:
            why_not_ask = consent_request.may_ask(db, desk.client, now)
    return {
        "desk": desk,
        "form": form,
        "plan": plan,
        "error": error,
        "outcomes": OUTCOMES,
        "now": now,
        "why_not_ask": why_not_ask,
    }
