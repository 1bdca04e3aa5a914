"""What every staff page has: the frame, strict headers, toasts; and the way back after a form."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aftercare.bootstrap import App
from aftercare.flows import sandbox
from aftercare.store import alerts, clinics
from aftercare.web import assets
from aftercare.web.staff import cookies, csrf, field_names, reasons, words
from aftercare.web.staff.cookies import Toast
from aftercare.web.staff.deps import Member

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    # Not no-referrer: browsers would then send `Origin: null` with our own forms (Fetch standard, 3.1).
    "Referrer-Policy": "same-origin",
}
TEMPLATES = Path(__file__).parent.parent / "templates"
NAVIGATION = (
    ("/today", "Today"),
    ("/calendar", "Calendar"),
    ("/clients", "Clients"),
    ("/sequences", "Sequences"),
    ("/newsletters", "Newsletter"),
    ("/inbox", "Inbox"),
)


def show(member: Member, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of `templates/staff/` in its frame."""
    with member.app.reading() as db:
        clinic = clinics.get(db, member.clinic_id)
        calls = alerts.waiting(db, member.clinic_id)
        bar = sandbox.bar(db, clinic, member.app.clock.now()) if member.app.settings.sandbox else None
    frame = {
        "clinic": clinic,
        "navigation": NAVIGATION,
        "toast": member.toast,
        "sandbox": bar,
        "calls": calls,
    }
    response = HTMLResponse(_render(member, template, **frame, **values), status, HEADERS)
    if member.toast is not None:
        cookies.clear_toast(response, member.app.settings)
    return response


def fragment(member: Member, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A part of a page, for htmx to put in."""
    return HTMLResponse(_render(member, template, **values), status, HEADERS)


def plain(app: App, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for somebody who is not signed in."""
    page = environment().get_template(f"staff/{template}")
    return HTMLResponse(page.render(assets=assets, settings=app.settings, **values), status, HEADERS)


def back(
    member: Member, path: str, toast: str = "", *, undo: str = "", seconds: int = 0, tone: str = "good"
) -> Response:
    """After a form: on to `path` (303, so that a reload sends nothing twice), where `toast` is shown."""
    response = RedirectResponse(path, 303, HEADERS)
    if toast:
        said = Toast(text=toast, undo=undo, seconds=seconds, tone=tone)
        cookies.set_toast(response, member.app.settings, said)
    return response


@cache
def environment() -> Environment:
    """Templates of staff pages. Undefined names are errors; everything is escaped."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(words.FILTERS)
    found.globals.update(why=reasons.reason_in_words, state_in_words=reasons.state_in_words)
    found.globals.update(
        summary=field_names.summary, how_said=reasons.how_said, no_by_email=reasons.NO_BY_EMAIL
    )
    return found


def _render(member: Member, template: str, **values: Any) -> str:
    token = csrf.token_for(member.app, member.login_id)
    if "now" not in values:
        values["now"] = member.app.clock.now()
    return (
        environment()
        .get_template(f"staff/{template}")
        .render(
            member=member,
            settings=member.app.settings,
            assets=assets,
            csrf_token=token,
            csrf_field=csrf.field(token),
            **values,
        )
    )
