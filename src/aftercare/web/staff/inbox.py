"""The inbox: every email that left, as it arrived."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.errors import NotFound
from aftercare.flows import inbox
from aftercare.store import inbox as rows
from aftercare.web.api.body import ClientId, MessageId
from aftercare.web.staff import frame, pictures
from aftercare.web.staff.deps import Member, ViewerDep
from aftercare.web.staff.headers_explained import explained
from aftercare.web.staff.pictures import Scheme

router = APIRouter(prefix="/inbox")

View = Literal["html", "dark", "phone", "text", "source"]
VIEWS = (("html", "Email"), ("dark", "Dark"), ("phone", "Phone"), ("text", "Text"), ("source", "Source"))
Slug = Annotated[str, Query(max_length=100, pattern=r"^[a-z0-9-]*$")]
SlugField = Annotated[str, Form(max_length=100, pattern=r"^[a-z0-9-]*$")]
Words = Annotated[str, Form(max_length=100, pattern=r"^[^\x00-\x1f]*$")]
IdField = Annotated[str, Form(pattern=r"^([a-z]{3}_[a-z2-7]{24})?$")]


@router.get("")
def look(
    member: ViewerDep,
    sequence: Slug = "",
    client: ClientId | None = None,
    before: MessageId | None = None,
) -> HTMLResponse:
    """The list, newest first."""
    return _list(member, {"sequence": sequence, "client": client or ""}, before or "")


@router.post("/search")
def find(
    member: ViewerDep,
    q: Words = "",
    sequence: SlugField = "",
    client: IdField = "",
    before: IdField = "",
) -> Response:
    """Emails of people with that name. A POST, because a name must not end up in a log of URLs."""
    asked = {"sequence": sequence, "client": client}
    if q.strip():
        return _list(member, asked | {"q": q.strip()}, before)
    return RedirectResponse(_path(asked), 303)


@router.get("/search")
def found(_: ViewerDep) -> Response:
    """Somebody came back to the address of a search."""
    return RedirectResponse("/inbox", 303)


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
    """The email as a file that mail programs open: to the byte what left, but for her links (`covered`)."""
    with member.app.reading() as db:
        content = inbox.open_letter(db, member.app, member.clinic_id, message_id).source
    file = {"Content-Disposition": f'attachment; filename="{message_id}.eml"'}
    return Response(content, media_type="message/rfc822", headers={**frame.HEADERS, **file})


def _list(member: Member, asked: dict[str, str], before: str) -> HTMLResponse:
    asked = {name: value for name, value in asked.items() if value}
    with member.app.reading() as db:
        listing = inbox.list_sent(
            db,
            member.clinic_id,
            before=before or None,
            client_id=asked.get("client"),
            sequence=asked.get("sequence"),
            search=asked.get("q"),
        )
        sequences = rows.sequences_of(db, member.clinic_id)
    older = asked | {"before": listing.lines[-1].message_id} if listing.more else {}
    page: dict[str, Any] = {"listing": listing, "sequences": sequences, "asked": asked, "older": older}
    return frame.show(member, "inbox.html.j2", **page, older_path=_path(older), on_top=not (asked or before))


def _path(asked: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/inbox?{query}" if query else "/inbox"
