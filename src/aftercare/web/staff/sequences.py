"""The sequences of a clinic, and one of them step by step. Everybody may look; editors change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.errors import AftercareError
from aftercare.flows import drafts, sequence_list, sequence_page, sequences
from aftercare.store import clinics, newsletters
from aftercare.web.api.body import ClientId
from aftercare.web.staff import emails_words, frame, sequences_wait
from aftercare.web.staff.deps import EditorDep, Member, ViewerDep
from aftercare.web.staff.sequences_draft import Slug, TypedDep, first, overtaken, revision_of
from aftercare.web.staff.sequences_wait import WaitForm
from aftercare.web.staff.words import counted

router = APIRouter(prefix="/sequences")


@dataclass(frozen=True)
class NewStep:
    """A step that is to be added behind the step `after`, as it was typed."""

    after: str
    subject: str
    preheader: str
    form: WaitForm


@router.get("")
def overview(member: ViewerDep) -> HTMLResponse:
    """All of them at a glance."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        cards = sequence_list.cards(db, member.clinic_id, now=now)
        clinic = clinics.get(db, member.clinic_id)
    return frame.show(member, "sequences.html.j2", cards=cards, now=now, zone=clinic.timezone)


@router.post("/{slug}/pause")
def pause(member: EditorDep, slug: Slug) -> Response:
    """Let it stand still."""
    with member.app.transaction() as db:
        people = sequences.pause(db, member.clinic_id, slug, by=member.by, now=member.app.clock.now())
    return frame.back(
        member, f"/sequences/{slug}", f"Paused. {counted(people, 'person waits', 'people wait')}."
    )


@router.post("/{slug}/resume")
def resume(member: EditorDep, slug: Slug) -> Response:
    """Let it go on."""
    with member.app.transaction() as db:
        sequences.resume(db, member.clinic_id, slug, by=member.by, now=member.app.clock.now())
    member.app.submit("sweep")
    return frame.back(member, f"/sequences/{slug}", "It goes on. What is too late by now is left out.")


@router.get("/{slug}")
def show(
    member: ViewerDep,
    slug: Slug,
    client: Annotated[ClientId | None, Query()] = None,
    live: bool = False,
) -> Response:
    """Its steps with real dates: the draft where there is one, else what is live. An issue of a newsletter
    has a page of its own."""
    with member.app.reading() as db:
        issue = newsletters.of_slug(db, member.clinic_id, slug)
    if issue is not None:
        return RedirectResponse(f"/newsletters/{issue.id}", 303, frame.HEADERS)
    return page_of(member, slug, client_id=client or "", live=live)


@router.post("/{slug}/draft")
def open_draft(member: EditorDep, slug: Slug, typed: TypedDep) -> Response:
    """Begin to change it, or go on; what is live stays as it is."""
    with member.app.transaction() as db:
        drafts.open_draft(db, member.clinic_id, slug, by=member.by, now=member.app.clock.now())
    step = first(typed, "step")
    path = f"/sequences/{slug}/steps/{step}" if step else f"/sequences/{slug}"
    return frame.back(member, path, "This is a draft now. Clients get the live version until you publish.")


@router.post("/{slug}/discard")
def discard(member: EditorDep, slug: Slug, typed: TypedDep) -> Response:
    """Throw the draft away."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        draft, live = drafts.draft(db, member.clinic_id, slug), drafts.live(db, member.clinic_id, slug)
    if draft is None or draft.revision != revision_of(typed):
        return overtaken(member, slug, typed)
    with member.app.transaction() as db:
        drafts.discard_draft(db, member.clinic_id, slug, revision=draft.revision, by=member.by, now=now)
    path = f"/sequences/{slug}" if live else "/sequences"
    return frame.back(member, path, "The draft is gone. What is live stays.")


def page_of(
    member: Member,
    slug: str,
    status: int = 200,
    *,
    client_id: str = "",
    live: bool = False,
    forms: Mapping[str, WaitForm] | None = None,
    new: NewStep | None = None,
    error: AftercareError | None = None,
) -> HTMLResponse:
    """The page of one sequence. After a form that cannot be used: `forms` of a step or the `new` one as they
    were typed, and the `error`."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        page = sequence_page.read_page(db, member.clinic_id, slug, client_id=client_id, live=live, now=now)
    stored = {step.key: sequences_wait.of_step(step.raw) for step in page.rail.steps}
    return frame.show(
        member,
        "sequence.html.j2",
        status,
        page=page,
        forms={**stored, **(forms or {})},
        opened=set(forms or {}),
        new=new,
        error=error,
        editable=page.version is page.draft and member.may("editor"),
        wait=sequences_wait,
        words=emails_words,
        now=now,
    )
