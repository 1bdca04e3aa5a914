"""Changing the steps of a draft: when they go out and to whom, their order, which there are."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from aftercare.errors import Conflict, ContentError, InvalidInput, NotFound
from aftercare.flows import drafts, editing
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.web.staff import frame, sequences_draft, sequences_wait
from aftercare.web.staff.deps import EditorDep, Member
from aftercare.web.staff.sequences import NewStep, page_of
from aftercare.web.staff.sequences_draft import Slug, StepKey, TypedDep, first
from aftercare.web.staff.sequences_wait import WaitForm

FIRST_PREHEADER = "A few lines for you."
router = APIRouter(prefix="/sequences/{slug}")


@router.post("/steps/{key}/when")
def change_when(member: EditorDep, slug: Slug, key: StepKey, typed: TypedDep) -> Response:
    """Its wait and its conditions."""
    form = sequences_wait.of_form(typed)
    try:
        change, path = partial(_with_sentence, key=key, form=form), f"/sequences/{slug}#step-{key}"
        return sequences_draft.edit(member, slug, typed, change, path, "Saved in the draft.")
    except (ContentError, InvalidInput) as error:
        return page_of(member, slug, 422, forms={key: form}, error=error)


@router.post("/move")
def move(member: EditorDep, slug: Slug, typed: TypedDep) -> Response:
    """Bring the step `item` to `position` (from 0), by button or by drag."""
    key, position = first(typed, "item"), first(typed, "position")
    if not position.isdecimal():
        raise InvalidInput("position", "is no place in the list")
    change = partial(editing.move_step, step=key, to=int(position[:4]) + 1)
    path = f"/sequences/{slug}#step-{key}" if sequences_draft.is_name(key) else f"/sequences/{slug}"
    return sequences_draft.edit(
        member,
        slug,
        typed,
        change,
        path,
        "The order here has changed, but not the dates. Change the wait to send it earlier or later.",
    )


@router.post("/steps/{key}/remove")
def remove(member: EditorDep, slug: Slug, key: StepKey, typed: TypedDep) -> Response:
    """Take it out of the draft."""
    change = partial(editing.remove_step, step=key)
    return sequences_draft.edit(
        member,
        slug,
        typed,
        change,
        f"/sequences/{slug}",
        "Taken out of the draft."
        + (" Clients get it until you publish." if _is_live(member, slug, key) else ""),
    )


@router.post("/steps")
def add(member: EditorDep, slug: Slug, typed: TypedDep) -> Response:
    """A new email behind the step `after`, and on to writing it."""
    new = NewStep(
        first(typed, "after"),
        first(typed, "subject"),
        first(typed, "preheader") or FIRST_PREHEADER,
        sequences_wait.of_form(typed),
    )
    try:
        before = sequences_draft.read_draft(member, slug, typed).files.emails
        saved = sequences_draft.save(member, slug, typed, partial(_with_step, new=new))
    except Conflict:
        return sequences_draft.overtaken(member, slug, typed)
    except (ContentError, InvalidInput) as error:
        return page_of(member, slug, 422, new=new, error=error)
    key = next(key for key in saved.files.emails if key not in before)
    return frame.back(member, f"/sequences/{slug}/steps/{key}", "Added to the draft. Now its words.")


def _is_live(member: Member, slug: str, key: str) -> bool:
    with member.app.reading() as db:
        live = drafts.live(db, member.clinic_id, slug)
    return live is not None and key in live.files.emails


def _with_sentence(files: SequenceFiles, key: str, form: WaitForm) -> SequenceFiles:
    raw = next((step for step in files.raw["steps"] if step["key"] == key), None)
    if raw is None:
        raise NotFound("There is no such step.")
    return editing.set_options(editing.set_wait(files, key, form.wait()), key, form.options(raw))


def _with_step(files: SequenceFiles, new: NewStep) -> SequenceFiles:
    keys = [step.key for step in files.spec.steps]
    place = keys.index(new.after) + 2 if new.after in keys else None
    return editing.add_step(
        files, subject=new.subject, preheader=new.preheader, wait=new.form.wait(), to=place
    )
