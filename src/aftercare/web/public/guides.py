"""Guide pages: what emails link to, for anybody, without log-in."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from aftercare.errors import NotFound
from aftercare.mail.page import render_page
from aftercare.web import pages
from aftercare.web.deps import AppDep

router = APIRouter(include_in_schema=False)
AN_HOUR = "public, max-age=3600"


@router.api_route("/guides/{slug}", methods=["GET", "HEAD"])
def read(slug: str, app: AppDep) -> HTMLResponse:
    """One guide. NotFound."""
    guide = app.library.guides.get(slug)
    if guide is None:
        raise NotFound("There is no such guide.")
    nonce = pages.new_nonce()
    html = render_page(guide, app.library, nonce=nonce)
    return HTMLResponse(html, headers=pages.headers(nonce, cache_control=AN_HOUR))
