"""Guide pages: what emails link to, for anybody, without log-in."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from aftercare.errors import NotFound
from aftercare.mail.page import render_page
from aftercare.mail.scene import BASE
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.languages import accepted

router = APIRouter(include_in_schema=False)
AN_HOUR = "public, max-age=3600"


@router.api_route("/guides/{slug}", methods=["GET", "HEAD"])
def read(slug: str, app: AppDep, request: Request, lang: str = "") -> HTMLResponse:
    """One guide, in the language of the email that led here (`lang`), else in the browser's, else in English.
    NotFound."""
    wish = lang or accepted(request.headers.get("accept-language", ""), {BASE, *app.library.others})
    guide = app.library.in_language(app.library.tag_for(wish)).guides.get(slug)
    if guide is None:
        raise NotFound("There is no such guide.")
    nonce = pages.new_nonce()
    html = render_page(guide, app.library, language=guide.language, nonce=nonce)
    headers = pages.headers(nonce, cache_control=AN_HOUR) | {"Vary": "Accept-Language"}
    return HTMLResponse(html, headers=headers)
