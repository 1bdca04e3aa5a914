"""Emails as pictures: documents of their own that run nothing, load nothing and lead nowhere by themselves,
for the frames of staff pages."""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from aftercare.flows import pictures, rendering
from aftercare.store import clinics
from aftercare.web import letters
from aftercare.web.api.body import ClientId, EmailVersionId, MessageId, StaffId
from aftercare.web.staff.deps import Member, ViewerDep

router = APIRouter(prefix="/pictures")

Scheme = Literal["", "light", "dark"]
"""Which look of the email; empty: the one that the reader's own screen asks for."""

_DARK_ONLY = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_BOTH_SCHEMES = re.compile(r"(color-schemes?:|color-schemes?\" content=\")light dark")


@router.get("/email/{email_version_id}")
def of_email(
    member: ViewerDep,
    email_version_id: EmailVersionId,
    sample: Annotated[str, Query(max_length=40)] = "maya",
    client: ClientId | None = None,
    therapist: StaffId | None = None,
    returning: bool = False,
    scheme: Scheme = "",
) -> HTMLResponse:
    """A step's email, for a sample person or for one client (with the cards that she would be dealt)."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        shown = pictures.of_email(
            db,
            member.app,
            member.clinic_id,
            email_version_id,
            now=now,
            sample=sample,
            client_id=client,
            therapist_id=therapist,
            returning=returning,
        )
    return document(member, shown.html, scheme)


@router.get("/message/{message_id}")
def of_message(member: ViewerDep, message_id: MessageId, scheme: Scheme = "") -> HTMLResponse:
    """Any message: what left, or what would leave as things stand."""
    with member.app.reading() as db:
        shown = pictures.of_message(db, member.app, member.clinic_id, message_id)
    return document(member, shown.html, scheme)


def document(member: Member, html: str, scheme: Scheme = "") -> HTMLResponse:
    """An email's HTML as a document that cannot do anything, whatever somebody has managed to write into it
    (standards section 6, stored XSS). Its links open in a new tab; those of a picture stay where they are."""
    with member.app.reading() as db:
        clinic = clinics.get(db, member.clinic_id)
    nowhere = f'href="{member.app.settings.public_url}{rendering.NOWHERE}"'
    seen = _in_scheme(html, scheme).replace(nowhere, 'href="#" target="_self"')
    seen = seen.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(seen, headers=letters.headers(clinic, framed_by="'self'"))


def _in_scheme(html: str, scheme: Scheme) -> str:
    """Fix the look to one scheme: a page cannot tell a frame which one to prefer."""
    if not scheme:
        return html
    fixed = _DARK_ONLY.sub("@media all" if scheme == "dark" else "@media not all", html)
    return _BOTH_SCHEMES.sub(rf"\g<1>{scheme}", fixed)
