"""Reviewing a draft, making it live, and going back to an older version."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.errors import Conflict, ContentError
from aftercare.flows import drafts, publishing, reviewing
from aftercare.flows.publishing import Published
from aftercare.web.staff import emails_words, frame, sequences_draft
from aftercare.web.staff.deps import EditorDep, Member, ViewerDep
from aftercare.web.staff.sequences_draft import Slug, TypedDep, revision_of
from aftercare.web.staff.words import counted

router = APIRouter(prefix="/sequences/{slug}")


@router.get("/publish")
def review(member: EditorDep, slug: Slug) -> Response:
    """What would change, for whom, and whether it can."""
    with member.app.reading() as db:
        if drafts.draft(db, member.clinic_id, slug) is None:
            return RedirectResponse(f"/sequences/{slug}", 303, frame.HEADERS)
    return _review(member, slug)


@router.post("/publish")
def publish(
    member: EditorDep,
    slug: Slug,
    typed: TypedDep,
    in_flight: Annotated[Literal["keep", "move"], Form()] = "keep",
) -> Response:
    """Make it live."""
    now = member.app.clock.now()
    try:
        with member.app.reading() as db:
            people = publishing.people_in_flight(db, member.clinic_id, slug)
            draft = publishing.check_draft(
                db, member.app, member.clinic_id, slug, revision=revision_of(typed)
            )
        with member.app.transaction() as db:
            done = publishing.publish_draft(
                db, member.clinic_id, draft, in_flight=in_flight, by=member.by, now=now
            )
    except Conflict:
        return sequences_draft.overtaken(member, slug, typed)
    except ContentError as error:
        return _review(member, slug, 422, error)
    member.app.submit("sweep")
    return frame.back(member, f"/sequences/{slug}", _told(done, people, in_flight))


@router.get("/versions")
def versions(member: ViewerDep, slug: Slug) -> HTMLResponse:
    """What was ever live, and what each changed."""
    with member.app.reading() as db:
        history = reviewing.read_history(db, member.clinic_id, slug)
    return frame.show(
        member, "publish_versions.html.j2", history=history, slug=slug, now=member.app.clock.now()
    )


@router.post("/versions/{number}/restore")
def restore(member: EditorDep, slug: Slug, number: int, typed: TypedDep) -> Response:
    """A draft that says what that version said."""
    sent = revision_of(typed)
    try:
        with member.app.transaction() as db:
            drafts.restore(
                db,
                member.clinic_id,
                slug,
                number,
                revision=sent if sent > 0 else None,
                by=member.by,
                now=member.app.clock.now(),
            )
    except Conflict:
        return sequences_draft.overtaken(member, slug, typed)
    return frame.back(
        member, f"/sequences/{slug}", f"The draft says what version {number} said. Publish to bring it back."
    )


def _review(member: Member, slug: str, status: int = 200, error: ContentError | None = None) -> HTMLResponse:
    now = member.app.clock.now()
    with member.app.reading() as db:
        found = reviewing.read_review(db, member.app, member.clinic_id, slug, now=now)
    return frame.show(
        member, "publish.html.j2", status, review=found, error=error, words=emails_words, now=now
    )


def _told(done: Published, people: int, in_flight: str) -> str:
    live = f"Version {done.number} is live."
    if not people:
        return f"{live} The next client gets it."
    if in_flight == "keep":
        return f"{live} {counted(people, 'person stays', 'people stay')} on the version before."
    return f"{live} {counted(done.moved, 'run was', 'runs were')} moved to it."
