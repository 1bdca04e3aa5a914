"""What a link that was cut short leads to: a form for an address, and the same answer to every address."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from aftercare.errors import InvalidInput
from aftercare.flows import fresh_links
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.languages import accepted

router = APIRouter(include_in_schema=False)


@router.api_route("/fresh-link", methods=["GET", "HEAD"])
def ask(request: Request) -> HTMLResponse:
    """The form, for whoever comes here without a link."""
    return pages.cut_link(200, request.headers.get("accept-language", ""))


@router.options("/fresh-link")
def options() -> Response:
    """What may be done here."""
    return Response(headers={"Allow": "GET, HEAD, OPTIONS, POST", **pages.headers()})


@router.post("/fresh-link")
def send(app: AppDep, request: Request, email: Annotated[str, Form(max_length=400)] = "") -> HTMLResponse:
    """Write the address down for a worker; what is no address at all gets the form once more."""
    wish = request.headers.get("accept-language", "")
    try:
        with app.transaction() as db:
            fresh_links.ask(db, email, now=app.clock.now())
    except InvalidInput:
        return pages.cut_link(422, wish, is_wrong=True)
    return pages.show("cut_link_sent.html.j2", language=accepted(wish, pages.words()))
