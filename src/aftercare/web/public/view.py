"""Reading an email in the browser: the page behind the link at its end. It shows, and changes nothing."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from aftercare.errors import Conflict, NotFound
from aftercare.flows import copies
from aftercare.mail.tokens import Purpose
from aftercare.web import letters, pages
from aftercare.web.deps import AppDep
from aftercare.web.languages import accepted
from aftercare.web.public.links import holder_of, read_link

router = APIRouter(include_in_schema=False)


@router.api_route("/v/{token}", methods=["GET", "HEAD"])
def show(token: str, app: AppDep, request: Request) -> HTMLResponse:
    """The email as she got it. A link that is wrong, cut short, too old or of an email that did not leave
    gets one and the same answer, so that it reveals nothing."""
    try:
        link, now = read_link(app, token, Purpose.VIEW), app.clock.now()
        with app.reading() as db:
            holder = holder_of(db, link)
            html = copies.html_for_her(db, app, holder.client, link.topic, now=now)
    except (NotFound, Conflict):
        wish = request.headers.get("accept-language", "")
        language, days = accepted(wish, pages.words()), copies.SHOWN_FOR.days
        return pages.show("view_gone.html.j2", 404, language=language, days=days, is_wrong=False)
    return HTMLResponse(html, headers=letters.headers(holder.clinic, framed_by="'none'"))


@router.options("/v/{token}")
def options() -> Response:
    """What may be done here; the same for every token."""
    return Response(headers={"Allow": "GET, HEAD, OPTIONS", **pages.headers()})
