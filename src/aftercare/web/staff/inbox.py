"""The inbox: every email that left, as it arrived."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import NotFound
from aftercare.flows import copies, inbox
from aftercare.store import inbox as rows
from aftercare.web.api.body import ClientId, MessageId
from aftercare.web.staff import frame, pictures
from aftercare.web.staff.deps import ViewerDep
from aftercare.web.staff.headers_explained import explained
from aftercare.web.staff.pictures import Scheme

router = APIRouter(prefix="/inbox")

View = Literal["html", "dark", "phone", "text", "source"]
VIEWS = (("html", "Email"), ("dark", "Dark"), ("phone", "Phone"), ("text", "Text"), ("source", "Source"))
Search = Annotated[str, Query(max_length=100, pattern=r"^[^\x00-\x1f]*$")]


@router.get("")
def look(
    member: ViewerDep,
    q: Search = "",
    sequence: Search = "",
    client: ClientId | None = None,
    before: MessageId | None = None,
) -> HTMLResponse:
    """The list, newest first."""
    with member.app.reading() as db:
        listing = inbox.list_sent(
            db,
            member.clinic_id,
            before=before,
            client_id=client,
            sequence=sequence or None,
            search=q.strip() or None,
        )
        sequences = rows.sequences_of(db, member.clinic_id)
    asked = {name: value for name, value in (("q", q), ("sequence", sequence), ("client", client)) if value}
    older = urlencode(asked | {"before": listing.lines[-1].message_id}) if listing.more else ""
    page: dict[str, Any] = {"listing": listing, "sequences": sequences, "asked": asked, "older": older}
    return frame.show(member, "inbox.html.j2", **page, on_top=not (asked or before))


@router.get("/newer")
def newer(member: ViewerDep, since: MessageId | None = None) -> Response:
    """What arrived while somebody watches: 204 for nothing, else the rows to put on top."""
    try:
        with member.app.reading() as db:
            listing = inbox.list_newer(db, member.clinic_id, since)
    except NotFound:
        return Response(headers={"HX-Refresh": "true", **frame.HEADERS})
    if not listing.lines:
        return Response(status_code=204, headers=frame.HEADERS)
    if since is None or listing.more:
        return Response(headers={"HX-Refresh": "true", **frame.HEADERS})
    return frame.fragment(member, "inbox_newer.html.j2", listing=listing)


@router.get("/{message_id}")
def read(member: ViewerDep, message_id: MessageId, view: View = "html") -> HTMLResponse:
    """One email as it arrived, and why she got it."""
    with member.app.reading() as db:
        opened = inbox.open_letter(db, member.app, member.clinic_id, message_id)
    headers = explained(opened.source) if view == "source" else []
    return frame.show(
        member, "inbox_email.html.j2", opened=opened, view=view, views=VIEWS, email_headers=headers
    )


@router.get("/{message_id}/html")
def html(member: ViewerDep, message_id: MessageId, scheme: Scheme = "") -> HTMLResponse:
    """The email's HTML part, for the frame of the page."""
    with member.app.reading() as db:
        opened = inbox.open_letter(db, member.app, member.clinic_id, message_id)
    return pictures.document(member, opened.picture.html, scheme)


@router.get("/{message_id}/source")
def source(member: ViewerDep, message_id: MessageId) -> Response:
    """The exact bytes, as a file that mail programs open."""
    with member.app.reading() as db:
        content = copies.exact_copy(db, member.app, member.clinic_id, message_id)
    file = {"Content-Disposition": f'attachment; filename="{message_id}.eml"'}
    return Response(content, media_type="message/rfc822", headers={**frame.HEADERS, **file})
