"""What staff see where something cannot be done: the reason, what next, and nothing lost."""

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.web.refusals import NotSignedIn
from aftercare.web.staff import csrf, field_names, frame

HEADINGS = {
    403: "You cannot do this here",
    404: "There is nothing here",
    405: "There is no page to look at here",
    409: "That does not fit with how things stand now",
    413: "This is too large",
    422: "Something is missing or cannot be used",
    503: "Please try again in a minute",
}
REASONS = {
    404: "It may have been removed, or it belongs to another clinic.",
    405: "This address only takes what a form sends.",
    503: "The database cannot be reached right now. Nothing that was saved is lost.",
}


def respond(request: Request, status: int, detail: str, faults: Sequence[tuple[str, str]] = ()) -> Response:
    """A page; for a part of a page (htmx), a message that takes its place among the toasts."""
    heading = HEADINGS.get(status, "Something went wrong on our side")
    reason = REASONS.get(status, detail)
    values = {"heading": heading, "reason": reason, "faults": [_in_words(*fault) for fault in faults]}
    app = request.app.state.aftercare
    if "hx-request" not in request.headers:
        return frame.plain(app, "trouble.html.j2", status, was_typing=request.method in csrf.UNSAFE, **values)
    response = frame.plain(app, "trouble_toast.html.j2", status, **values)
    response.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
    return response


def to_login(request: Request, error: NotSignedIn) -> Response:
    """Ask to sign in, and come back to the page afterwards."""
    address = "/login" if error.path == "/" else f"/login?next={quote(error.path)}"
    if error.was_typing:
        address += "&again=true"
    if "hx-request" in request.headers:
        return HTMLResponse("", 401, {"HX-Redirect": address, "Cache-Control": "no-store"})
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _in_words(pointer: str, detail: str) -> str:
    name = pointer.strip("/").replace("/", ".")
    return f"{field_names.label(name)}: {detail}" if name else detail
