"""Where a working day starts."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.flows import ambiguous, upkeep
from aftercare.flows.today import read_today
from aftercare.store.checkins import Answered
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, TherapistDep, ViewerDep
from aftercare.web.staff.sessions import OUTCOMES

router = APIRouter()


@router.get("/")
def home() -> Response:
    """On to Today."""
    return RedirectResponse("/today", 303)


@router.get("/today")
def show(member: ViewerDep) -> HTMLResponse:
    """Today's emails and what needs somebody."""
    clock = member.app.clock
    with member.app.reading() as db:
        today = read_today(db, member.clinic_id, now=clock.now(), unshifted=clock.unshifted())
        upkept = member.may("editor")
        notes = upkeep.notes(db, member.app, member.clinic_id, now=clock.now()) if upkept else []
    return frame.show(
        member,
        "today.html.j2",
        outcomes=OUTCOMES,
        today=today,
        answers=sorted(today.not_so_well, key=lambda one: not _is_hers(one, member)),
        notes=notes,
        may_go_again=ambiguous.may_go_again,
    )


def _is_hers(answered: Answered, member: Member) -> bool:
    """Whether the answer follows a visit to her: the page behind the question says that it goes to her."""
    return answered.therapist is not None and answered.therapist.id == member.staff_id


@router.post("/messages/{message_id}/settle")
def settle(message_id: str, member: TherapistDep, send: Annotated[bool, Form()]) -> Response:
    """Decide about an email of which nobody knows whether it arrived."""
    now = member.app.clock.now()
    with member.app.transaction() as db:
        ambiguous.settle(db, member.clinic_id, message_id, send=send, by=member.by, now=now)
    member.app.submit("sweep")
    return frame.back(member, "/today", "It is sent once more." if send else "It is left out.")
