"""Signing in and out, and choosing a password by a one-time link."""

import hashlib
import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.bootstrap import App
from aftercare.errors import InvalidInput
from aftercare.flows import logins, passwords, sandbox
from aftercare.flows.logins import Attempt, TooManyMisses, WrongPassword
from aftercare.models import Staff
from aftercare.store import logins as login_rows
from aftercare.web.deps import AppDep
from aftercare.web.staff import cookies, csrf, frame
from aftercare.web.staff.deps import ViewerDep
from aftercare.web.staff.own_paths import HOME, own

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
router = APIRouter(include_in_schema=False, dependencies=[Depends(csrf.check_origin)])
Text = Annotated[str, Form(max_length=1000)]


@router.get("/login")
def ask(request: Request, app: AppDep, next: str = HOME, form: bool = False, again: bool = False) -> Response:
    """The form; the sandbox on this computer signs its owner in by itself. `again`: the login ended while
    something was being typed, which the browser keeps."""
    if app.settings.sandbox and not form and _sits_here(request):
        with app.reading() as db:
            owner = sandbox.first_owner(db)
        if owner is not None:
            return _signed_in(app, owner, None, next)
    return frame.plain(app, "login.html.j2", next=own(next), email="", error="", again=again)


@router.post("/login")
def sign_in(request: Request, app: AppDep, email: Text, password: Text, next: Text = HOME) -> Response:
    """Sign in with address and password."""
    attempt = _attempt(app, email, request.client.host if request.client else "")
    try:
        member = _member(app, email, password, attempt)
    except (WrongPassword, TooManyMisses) as error:
        status = 429 if isinstance(error, TooManyMisses) else 401
        page = {"next": own(next), "email": email, "error": str(error), "again": False}
        return frame.plain(app, "login.html.j2", status, **page)
    return _signed_in(app, member, attempt, next)


@router.post("/logout")
def sign_out(member: ViewerDep) -> Response:
    """End this login."""
    with member.app.transaction() as db:
        logins.sign_out(db, member.login_id)
    response = RedirectResponse("/login?form=1", 303)
    cookies.clear_login(response, member.app.settings)
    return response


@router.get("/join/{token}")
def join(token: str, app: AppDep) -> HTMLResponse:
    """The form behind an invitation. It changes nothing."""
    with app.reading() as db:
        member = logins.invited(db, token, unshifted=app.clock.unshifted())
    return frame.plain(app, "join.html.j2", member=member, token=token, error="")


@router.post("/join/{token}")
def choose_password(token: str, app: AppDep, password: Text) -> Response:
    """Set the password and sign in."""
    now = app.clock.unshifted()
    with app.reading() as db:
        member = logins.invited(db, token, unshifted=now)
    try:
        hashed = passwords.hashed(password)
    except InvalidInput as error:
        return frame.plain(app, "join.html.j2", 422, member=member, token=token, error=error.problem)
    with app.transaction() as db:
        member = logins.choose_password(db, token, hashed, unshifted=now)
    return _signed_in(app, member, None, HOME)


def _member(app: App, email: str, password: str, attempt: Attempt) -> Staff:
    """The member with this address and password. The slow comparison runs outside of any transaction."""
    now = app.clock.unshifted()
    with app.reading() as db:
        logins.may_try(db, attempt, unshifted=now)
    with app.transaction() as db:
        logins.begin_try(db, attempt, unshifted=now)
        candidates = login_rows.candidates(db, email.strip().casefold())
    member = passwords.whose(candidates, password)
    if member is None:
        raise WrongPassword
    return member


def _sits_here(request: Request) -> bool:
    """Whether the browser runs on this computer, and asked for it: a page of another site that a name server
    leads here (DNS rebinding) names its own host."""
    return request.client is not None and {request.client.host, request.url.hostname} <= LOOPBACK


def _signed_in(app: App, member: Staff, attempt: Attempt | None, next: str) -> Response:
    with app.transaction() as db:
        token = logins.sign_in(db, member, attempt, unshifted=app.clock.unshifted())
    response = RedirectResponse(own(next), 303)
    cookies.set_login(response, app.settings, token)
    return response


def _attempt(app: App, email: str, peer: str) -> Attempt:
    def keyed(kind: str, value: str) -> str:
        return hmac.digest(app.form_key, f"{kind}:{value}".encode(), hashlib.sha256).hex()

    return Attempt(account=keyed("account", email.strip().casefold()), peer=keyed("peer", peer))
