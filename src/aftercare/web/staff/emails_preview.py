"""The email of a step as a reader would see it: by day, by night, on a telephone, as text, in her list of
mail. Documents of their own for a frame; the unsaved one is posted into it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from aftercare.errors import AftercareError, ContentError, InvalidInput, NotFound
from aftercare.flows import drafts, email_forms
from aftercare.flows.pictures import Picture
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.store import clinics
from aftercare.web.staff import emails_words, frame, pictures
from aftercare.web.staff.deps import EditorDep, Member, ViewerDep
from aftercare.web.staff.pictures import Scheme
from aftercare.web.staff.sequences_draft import Slug, StepKey, TypedDep

View = Literal["html", "dark", "phone", "text", "inbox"]
VIEWS = (("html", "Email"), ("dark", "Dark"), ("phone", "Phone"), ("text", "Text"), ("inbox", "Inbox"))
SCHEMES: Mapping[View, Scheme] = {"html": "light", "dark": "dark", "phone": ""}
Sample = Annotated[str, Query(max_length=40, pattern=r"^[a-z-]*$")]
router = APIRouter(prefix="/sequences/{slug}/steps/{key}/preview")


@router.get("")
def saved(
    member: ViewerDep,
    slug: Slug,
    key: StepKey,
    view: View = "html",
    sample: Sample = "maya",
    live: bool = False,
) -> HTMLResponse:
    """The email as it is stored: the draft's, or the live one's."""
    return _document(member, _files(member, slug, key, live=live), key, view, sample)


@router.post("")
def unsaved(
    member: EditorDep, slug: Slug, key: StepKey, typed: TypedDep, view: View = "html", sample: Sample = "maya"
) -> HTMLResponse:
    """The email as it is being written. Nothing is saved."""
    edited = email_forms.apply(_files(member, slug, key), key, typed)
    if edited.faults:
        return _not_yet(member, [emails_words.fault(text) for text in edited.faults.values()])
    return _document(member, edited.files, key, view, sample)


def _files(member: Member, slug: str, key: str, *, live: bool = False) -> SequenceFiles:
    with member.app.reading() as db:
        draft, published = drafts.draft(db, member.clinic_id, slug), drafts.live(db, member.clinic_id, slug)
    for version in (published, draft) if live else (draft, published):
        if version is not None and key in version.files.emails:
            return version.files
    raise NotFound("This sequence has no such step.")


def _document(member: Member, files: SequenceFiles, key: str, view: View, sample: str) -> HTMLResponse:
    try:
        with member.app.reading() as db:
            shown = email_forms.picture(db, member.app, member.clinic_id, files, key, sample)
    except (ContentError, InvalidInput) as error:
        return _not_yet(member, [_said(error)])
    if view in ("text", "inbox"):
        return _drawn(member, f"email_view_{view}.html.j2", shown)
    return pictures.document(member, shown.html, SCHEMES[view])


def _said(error: AftercareError) -> str:
    return emails_words.fault(str(error))


def _drawn(member: Member, template: str, shown: Picture) -> HTMLResponse:
    with member.app.reading() as db:
        clinic = clinics.get(db, member.clinic_id)
    page = frame.environment().get_template(f"staff/{template}")
    return pictures.document(member, page.render(picture=shown, clinic=clinic))


def _not_yet(member: Member, reasons: list[str]) -> HTMLResponse:
    """An answer that is as good as any other while somebody types, so not an error of HTTP."""
    page = frame.environment().get_template("staff/email_view_not_yet.html.j2")
    return pictures.document(member, page.render(reasons=reasons))
