"""The newsletter: its issues, how far each has come, and the buttons while it is being sent. Everybody looks,
editors write and send."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import newsletter_files, newsletter_issues, newsletters
from aftercare.flows.newsletter_files import BLANK, STEP, TOPIC
from aftercare.store import clinics
from aftercare.store import newsletters as rows
from aftercare.web.api.body import IssueId
from aftercare.web.staff import frame, newsletters_words
from aftercare.web.staff.deps import EditorDep, Member, ViewerDep
from aftercare.web.staff.once import made_once, new_form_id

HOME, GONE = "/newsletters", "The draft is gone."
router = APIRouter(prefix=HOME)
Text = Annotated[str, Form(max_length=200)]


@router.get("")
def overview(member: ViewerDep) -> HTMLResponse:
    """All issues, and those to begin with."""
    return _list(member)


@router.post("")
def create(member: EditorDep, starter: Text, subject: Text = "", form_id: Text = "") -> Response:
    """A new issue, open to be written."""

    def make() -> str:
        now = member.app.clock.now()
        return newsletters.create(db, member.clinic_id, starter, subject=subject, by=member.by, now=now).id

    try:
        with member.app.transaction() as db:
            issue_id = made_once(db, member, form_id, make)
            slug = rows.get(db, member.clinic_id, issue_id).sequence.slug
    except InvalidInput as error:
        return _list(member, error)
    return frame.back(
        member, f"/sequences/{slug}/steps/{STEP}", "A new issue. Nobody gets it before you schedule it."
    )


@router.get("/{issue_id}")
def show(member: ViewerDep, issue_id: IssueId) -> HTMLResponse:
    """One issue: what it says, when it goes, how far it has come."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        page = newsletter_issues.read(db, member.clinic_id, issue_id, now=now)
    return frame.show(
        member,
        "newsletter_issue.html.j2",
        page=page,
        words=newsletters_words,
        now=now,
        new_form_id=new_form_id,
    )


@router.post("/{issue_id}/pause")
def pause(member: EditorDep, issue_id: IssueId) -> Response:
    """Let it stand still."""
    return _act(member, issue_id, newsletters.pause, "Paused. Nobody gets it until you resume it.")


@router.post("/{issue_id}/resume")
def resume(member: EditorDep, issue_id: IssueId) -> Response:
    """Let it go on."""
    return _act(member, issue_id, newsletters.resume, "It goes on with those who have not had it yet.")


@router.post("/{issue_id}/cancel")
def cancel(member: EditorDep, issue_id: IssueId) -> Response:
    """Send no more of it."""
    return _act(member, issue_id, newsletters.cancel, "Cancelled. Nobody gets it from now on.")


@router.post("/{issue_id}/copy")
def copy(member: EditorDep, issue_id: IssueId, form_id: Text = "") -> Response:
    """A new draft that says the same."""
    now = member.app.clock.now()
    with member.app.transaction() as db:
        made = made_once(
            db,
            member,
            form_id,
            lambda: newsletters.copy(db, member.clinic_id, issue_id, by=member.by, now=now).id,
        )
    return frame.back(member, f"{HOME}/{made}", "This is a new draft that says the same.")


@router.post("/{issue_id}/remove")
def remove(member: EditorDep, issue_id: IssueId) -> Response:
    """Throw a draft away; a press too many changes nothing."""
    with member.app.reading() as db:
        if newsletters.was_removed(db, member.clinic_id, issue_id):
            return frame.back(member, HOME, GONE)
    return _act(member, issue_id, newsletters.remove, GONE, HOME)


def _act(member: Member, issue_id: str, verb: Callable[..., None], said: str, path: str = "") -> Response:
    try:
        with member.app.transaction() as db:
            verb(db, member.clinic_id, issue_id, by=member.by, now=member.app.clock.now())
    except Conflict as error:
        return frame.back(member, f"{HOME}/{issue_id}", str(error), tone="bad")
    member.app.submit("sweep")
    return frame.back(member, path or f"{HOME}/{issue_id}", said)


def _list(member: Member, error: InvalidInput | None = None) -> HTMLResponse:
    with member.app.reading() as db:
        page = {
            "cards": newsletter_issues.cards(db, member.clinic_id),
            "subscribers": rows.count_subscribers(db, member.clinic_id, TOPIC),
            "clinic_zone": clinics.get(db, member.clinic_id).timezone,
        }
    starters = newsletter_files.starters() if member.may("editor") else ()
    return frame.show(
        member,
        "newsletters.html.j2",
        422 if error else 200,
        **page,
        starters=starters,
        blank=BLANK,
        error=error,
        words=newsletters_words,
        new_form_id=new_form_id,
    )
