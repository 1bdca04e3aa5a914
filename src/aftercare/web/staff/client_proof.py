"""Proof: what one email said, why it came and under which consent; what is left on paper for somebody who
stopped; and all that is known about one client."""

import json

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import NotFound
from aftercare.flows import actors, client_export, guidance, inbox
from aftercare.flows.rendering import theme_of
from aftercare.web import pages
from aftercare.web.api.body import ClientId, MessageId
from aftercare.web.staff import frame
from aftercare.web.staff.deps import TherapistDep, ViewerDep

router = APIRouter(prefix="/clients/{client_id}")


@router.get("/emails/{message_id}/proof")
def proof(member: ViewerDep, client_id: ClientId, message_id: MessageId) -> HTMLResponse:
    """One page, to read or print: what went, when, why, under which words of consent, and the attempts."""
    with member.app.reading() as db:
        opened = inbox.open_letter(db, member.app, member.clinic_id, message_id)
        if opened.client.id != client_id:
            raise NotFound("There is no such email.")
        who = {one.recorded_by for one in (opened.consent, opened.stopped) if one}
        names = actors.names(db, member.clinic_id, who)
    return frame.show(member, "client_proof.html.j2", opened=opened, names=names)


@router.get("/runs/{enrolment_id}/guidance")
def on_paper(member: TherapistDep, client_id: ClientId, enrolment_id: str) -> HTMLResponse:
    """What was still to come when she stopped, to print and hand to her, if she would like it so."""
    with member.app.reading() as db:
        page = guidance.page(db, member.app, member.clinic_id, client_id, enrolment_id)
    colours = theme_of(page.clinic, member.app).colours
    return pages.show("guidance.html.j2", language=page.language, colours=colours, page=page)


@router.post("/export")
def export(member: TherapistDep, client_id: ClientId) -> Response:
    """All that is known about her, as a file. It is written down who took it."""
    with member.app.transaction() as db:
        now = member.app.clock.now()
        made = client_export.export(db, member.app, member.clinic_id, client_id, by=member.by, now=now)
    headers = frame.HEADERS | {"Content-Disposition": f'attachment; filename="{client_id}.json"'}
    text = json.dumps(made, indent=2, ensure_ascii=False)
    return Response(text, media_type="application/json", headers=headers)
