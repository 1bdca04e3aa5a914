"""What a client gets: starting a sequence by hand, recording her yes, asking for it, and her stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import actors, consent_by_staff, consent_request, enrolments, preview
from aftercare.flows.calendar import zone_of
from aftercare.flows.consent import EVERYTHING, TOPICS
from aftercare.flows.why_not import WHY_NOT
from aftercare.models import Client
from aftercare.store import clients, clinics, consents
from aftercare.web.api.body import ClientId
from aftercare.web.staff import frame
from aftercare.web.staff.clients import read_day
from aftercare.web.staff.deps import Member, TherapistDep
from aftercare.web.staff.words import counted

router = APIRouter(prefix="/clients/{client_id}")
Slug = Annotated[str, Query(max_length=100)]
Text = Annotated[str, Form(max_length=400)]


@dataclass(frozen=True)
class YesForm:
    """A yes that she gave elsewhere, as it was typed."""

    topics: Annotated[Sequence[str], Form()] = ()
    source: Text = ""
    given_on: Text = ""
    wording: Annotated[str, Form(max_length=3000)] = ""
    after_stop: Text = ""


YesDep = Annotated[YesForm, Depends()]


@router.get("/start")
def ask_start(member: TherapistDep, client_id: ClientId, sequence: Slug = "") -> HTMLResponse:
    """Which sequence, and its dates for her."""
    return _ask_start(member, client_id, sequence)


@router.post("/start")
def start(member: TherapistDep, client_id: ClientId, sequence: Text = "") -> Response:
    """Start it as it was shown."""
    now, undo = member.app.clock.now(), ""
    try:
        with member.app.transaction() as db:
            plan = preview.preview_by_hand(db, member.clinic_id, client_id, sequence, now=now)
            run = enrolments.start_by_hand(db, member.clinic_id, client_id, sequence, by=member.by, now=now)
            undo = "" if plan.ends else f"/clients/{client_id}/runs/{run.id}/stop"
    except Conflict:
        return _ask_start(member, client_id, sequence, 409)
    member.app.submit("sweep")
    return frame.back(member, f"/clients/{client_id}", "Started. The emails are planned.", undo=undo)


@router.get("/consent")
def ask_consent(member: TherapistDep, client_id: ClientId) -> HTMLResponse:
    """A yes that she gave, or one email that asks for it."""
    return _ask_consent(member, client_id, YesForm(topics=TOPICS[:1]))


@router.post("/consent")
def record(member: TherapistDep, client_id: ClientId, form: YesDep) -> Response:
    """Write her yes down."""
    try:
        with member.app.transaction() as db:
            planned = consent_by_staff.record_consent(
                db,
                member.clinic_id,
                client_id,
                form.topics,
                source=form.source,
                wording=" ".join(form.wording.split()),
                given_on=read_day(form.given_on),
                after_stop=bool(form.after_stop),
                by=member.by,
                now=member.app.clock.now(),
            )
    except InvalidInput as error:
        return _ask_consent(member, client_id, form, error)
    told = f" {counted(planned, 'session')} of the last days brought emails after all." if planned else ""
    return frame.back(member, f"/clients/{client_id}", f"Recorded.{told}")


@router.post("/ask")
def ask(member: TherapistDep, client_id: ClientId) -> Response:
    """One email with a yes and a no."""
    with member.app.transaction() as db:
        consent_request.ask(db, member.clinic_id, client_id, by=member.by, now=member.app.clock.now())
    member.app.submit("sweep")
    told = "One email asks for consent. Nothing else is sent before a yes."
    return frame.back(member, f"/clients/{client_id}", told)


@router.get("/stop")
def ask_stop(member: TherapistDep, client_id: ClientId) -> HTMLResponse:
    """What she wants to leave."""
    with member.app.reading() as db:
        client = clients.get(db, member.clinic_id, client_id)
        known = consents.current(db, client.id)
    given = [topic for topic in TOPICS if topic in known and known[topic].given]
    return frame.show(member, "client_stop.html.j2", client=client, given=given, everything=EVERYTHING)


@router.post("/stop")
def stop(member: TherapistDep, client_id: ClientId, topic: Text = "") -> Response:
    """On her word, at once."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        new = consent_by_staff.stop(db, member.clinic_id, client_id, topic, by=member.by, now=now)
        client = clients.get(db, member.clinic_id, client_id)
        can_undo = consent_by_staff.can_undo_stop(db, client, topic, now)
    undo = f"/clients/{client_id}/stop/undo?topic={topic}" if new and can_undo else ""
    told = "Stopped. Nothing more of it is sent." if new else "That had stopped before."
    return frame.back(member, f"/clients/{client_id}", told, undo=undo)


@router.post("/stop/undo")
def undo_stop(member: TherapistDep, client_id: ClientId, topic: Slug = "") -> Response:
    """It was a slip of ours."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        consent_by_staff.undo_stop(db, member.clinic_id, client_id, topic, by=member.by, now=now)
    return frame.back(member, f"/clients/{client_id}", "Taken back. What is not too late goes on.")


def _ask_start(member: Member, client_id: str, slug: str, status: int = 200) -> HTMLResponse:
    now = member.app.clock.now()
    with member.app.reading() as db:
        client = clients.get(db, member.clinic_id, client_id)
        page: dict[str, Any] = {
            "client": client,
            "zone": zone_of(client, clinics.get(db, member.clinic_id)),
            "choices": enrolments.startable(db, member.clinic_id),
            "plan": preview.preview_by_hand(db, member.clinic_id, client_id, slug, now=now) if slug else None,
        }
    why_not = {key: why.sentence for key, why in WHY_NOT.items()}
    return frame.show(member, "client_start.html.j2", status, **page, slug=slug, now=now, why_not=why_not)


def _ask_consent(
    member: Member, client_id: str, form: YesForm, error: InvalidInput | None = None
) -> HTMLResponse:
    with member.app.reading() as db:
        page = _consent_page(db, member, client_id)
    status = 422 if error else 200
    return frame.show(member, "client_consent.html.j2", status, **page, form=form, error=error, topics=TOPICS)


def _consent_page(db: Session, member: Member, client_id: str) -> dict[str, Any]:
    client, clinic = clients.get(db, member.clinic_id, client_id), clinics.get(db, member.clinic_id)
    now = member.app.clock.now()
    reason = consent_request.may_ask(db, client, now)
    return {
        "client": client,
        "wording": consent_request.wording(clinic),
        "today": now.astimezone(zone_of(client, clinic)).date().isoformat(),
        "why_not": WHY_NOT[reason].sentence if reason else "",
        "zone": zone_of(client, clinic),
        **_ledger(db, client),
    }


def _ledger(db: Session, client: Client) -> dict[str, Any]:
    """Every record of her word, latest first, and who wrote each down."""
    records = consents.history(db, client.id)[::-1]
    names = actors.names(db, client.clinic_id, {record.recorded_by for record in records})
    return {"ledger": records, "names": names}
