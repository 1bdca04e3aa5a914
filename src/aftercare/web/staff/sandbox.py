"""The sandbox's own buttons: moving its clock, and starting afresh. Elsewhere none of this exists."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows import sandbox
from aftercare.store import clinics
from aftercare.web.deps import AppDep
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, OwnerDep, TherapistDep, ViewerDep
from aftercare.web.staff.own_paths import HOME, own


def only_in_a_sandbox(app: AppDep) -> None:
    """404 anywhere else."""
    if not app.settings.sandbox:
        raise HTTPException(404)


router = APIRouter(prefix="/sandbox", dependencies=[Depends(only_in_a_sandbox)])
Text = Annotated[str, Form(max_length=1000)]
Address = Annotated[str, Query(max_length=1000)]


@router.post("/travel")
def travel(
    member: TherapistDep,
    to: Annotated[Literal["hour", "day", "week", "next", "date"], Form()],
    until: Text = "",
    here: Text = HOME,
) -> Response:
    """Let the clock travel, and show the page again on which that was asked for."""
    refused = ""
    try:
        _set_out(member, to, until)
    except (Conflict, InvalidInput, NotFound) as error:
        refused = str(error)
    # Also where the clock is travelling already: any number may work on a journey, and the one that did may
    # have died.
    member.app.submit("travel")
    return frame.back(member, _ours(here), refused, tone="warn")


@router.get("/bar")
def bar(request: Request, member: ViewerDep, here: Address = "") -> HTMLResponse:
    """The bar as it is now; when the clock has arrived, the page around it is loaded afresh, unless it is the
    answer to a form."""
    current = _ours(urlsplit(request.headers.get("hx-current-url", "")).path)
    here = _ours(here) if here else current
    with member.app.reading() as db:
        clinic = clinics.get(db, member.clinic_id)
        shown = sandbox.bar(db, clinic, member.app.clock.now())
    response = frame.fragment(member, "sandbox_bar.html.j2", sandbox=shown, here=here)
    if shown.journey is None and here == current and "hx-request" in request.headers:
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/reset")
def reset(member: OwnerDep) -> Response:
    """Forget everything and begin anew; all log-ins end, and the sandbox signs the owner in again."""
    sandbox.reset(member.app)
    return frame.back(member, "/login", "The sandbox is as it was at the start.")


def _set_out(member: Member, to: str, until: str) -> None:
    clock = member.app.clock
    with member.app.transaction() as db:
        clinic = clinics.get(db, member.clinic_id)
        target = sandbox.destination(db, clinic, to, until, now=clock.now())
        sandbox.set_out(db, target, unshifted=clock.unshifted())


def _ours(path: str) -> str:
    """A path of this server, to go back to."""
    return own(path) if not path.startswith("/sandbox") else HOME
