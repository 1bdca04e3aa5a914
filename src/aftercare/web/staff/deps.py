"""Who is signed in, and what that role may do. Every staff endpoint asks for exactly one of the four."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from aftercare.bootstrap import App
from aftercare.flows import logins
from aftercare.models import Login, Staff
from aftercare.store import logins as login_rows
from aftercare.web.deps import AppDep, get_app
from aftercare.web.refusals import NotAllowed, NotSignedIn
from aftercare.web.staff import cookies, csrf, own_paths
from aftercare.web.staff.cookies import Toast


@dataclass(frozen=True)
class Member:
    """A member of staff at work. Everything she asks for is looked up within her clinic."""

    app: App
    clinic_id: str
    staff_id: str
    first_name: str
    role: str
    login_id: str
    path: str
    here: str = own_paths.HOME
    """The page that she is on, to come back to. What answers a form can only be sent again: then the first
    page."""
    toast: Toast | None = None

    @property
    def by(self) -> str:
        """How acts of hers are signed."""
        return f"staff:{self.staff_id}"

    def may(self, role: str) -> bool:
        """Whether she may do what `role` may."""
        return logins.may(self.role, role)


def get_member(request: Request, app: AppDep, token: Annotated[str, Depends(csrf.sent_token)]) -> Member:
    """The signed-in member. NotSignedIn; 403 where the request is forged."""
    now = app.clock.unshifted()
    found = _login(request, app, now)
    if found is None:
        was_typing = request.method in csrf.UNSAFE
        path = own_paths.came_from(request) if was_typing else own_paths.asked_for(request)
        raise NotSignedIn(path, was_typing=was_typing)
    login, person = found
    csrf.check(request, app, login.id, token)
    if logins.is_stale(login, unshifted=now):
        with app.transaction() as db:
            login_rows.seen(db, login.id, now)
    return Member(
        app=app,
        clinic_id=person.clinic_id,
        staff_id=person.id,
        first_name=person.first_name,
        role=person.role,
        login_id=login.id,
        path=request.url.path,
        here=request.url.path if request.method == "GET" else own_paths.HOME,
        toast=cookies.read_toast(request),
    )


def is_signed_in(request: Request) -> bool:
    """Whether this request has the cookie of a login that goes on."""
    app = get_app(request)
    return _login(request, app, app.clock.unshifted()) is not None


def at_least(role: str) -> Callable[[Member], Member]:
    """A dependency: the signed-in member, who has at least this role. NotAllowed."""

    def allowed(member: Annotated[Member, Depends(get_member)]) -> Member:
        if not member.may(role):
            raise NotAllowed(member.role, role)
        return member

    allowed.__name__ = f"at_least_{role}"
    return allowed


def _login(request: Request, app: App, unshifted: datetime) -> tuple[Login, Staff] | None:
    cookie = request.cookies.get(cookies.login_name(app.settings), "")
    if not cookie:
        return None
    with app.reading() as db:
        return logins.of_token(db, cookie, unshifted=unshifted)


ViewerDep = Annotated[Member, Depends(at_least("viewer"))]
TherapistDep = Annotated[Member, Depends(at_least("therapist"))]
EditorDep = Annotated[Member, Depends(at_least("editor"))]
OwnerDep = Annotated[Member, Depends(at_least("owner"))]
