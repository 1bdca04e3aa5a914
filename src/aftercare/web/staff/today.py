"""Where a working day starts."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.web.staff import frame
from aftercare.web.staff.deps import ViewerDep

router = APIRouter()


@router.get("/")
def home() -> Response:
    """On to Today."""
    return RedirectResponse("/today", 303)


@router.get("/today")
def today(member: ViewerDep) -> HTMLResponse:
    """Today's emails and what needs somebody."""
    return frame.show(member, "today.html.j2")
