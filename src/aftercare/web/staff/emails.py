"""Writing the email of a step. One form holds all of it, and each of its buttons sends all of it, so that no
word is lost by moving a block. Everybody may look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import Conflict, ContentError, InvalidInput, NotFound
from aftercare.flows import block_forms, drafts, email_forms, email_lints, saving, test_sends
from aftercare.flows.block_forms import Typed
from aftercare.flows.drafts import Version
from aftercare.flows.email_forms import WHOLE
from aftercare.flows.pictures import SAMPLE_PEOPLE
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.store import clinics
from aftercare.store import resources as resource_rows
from aftercare.web.staff import emails_words, frame, resources_words, sequences_draft
from aftercare.web.staff.deps import EditorDep, Member, ViewerDep
from aftercare.web.staff.emails_preview import VIEWS, Sample, View
from aftercare.web.staff.sequences_draft import Slug, StepKey, TypedDep, first
from aftercare.web.staff.words import masked

router = APIRouter(prefix="/sequences/{slug}/steps/{key}")
TOLD = {
    "save": "Saved in the draft.",
    "up": "Moved.",
    "down": "Moved.",
    "remove": "The block is gone.",
    "add": "Added. It says something to begin with.",
    "more": "Added one more.",
    "less": "One less.",
}


@dataclass(frozen=True)
class Sheet:
    """The form as it stands: what the draft says, or, after faults, what was typed."""

    typed: Typed = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show(
    member: ViewerDep,
    slug: Slug,
    key: StepKey,
    view: View = "html",
    sample: Sample = "maya",
    live: bool = False,
) -> HTMLResponse:
    """The draft of the email as a form; for others, and where there is no draft, the email to look at."""
    with member.app.reading() as db:
        draft, published = drafts.draft(db, member.clinic_id, slug), drafts.live(db, member.clinic_id, slug)
    if draft is not None and key in draft.files.emails and member.may("editor") and not live:
        return _form(member, draft, key, Sheet(), view=view, sample=sample)
    for version in (published, draft):
        if version is not None and key in version.files.emails:
            page = {"slug": slug, "key": key, "version": version, "draft": draft, **_looks(view, sample)}
            return frame.show(member, "email.html.j2", **page, email=version.files.emails[key])
    raise NotFound("This sequence has no such step.")


@router.post("")
def save(
    member: EditorDep, slug: Slug, key: StepKey, typed: TypedDep, view: View = "html", sample: Sample = "maya"
) -> Response:
    """Save what was typed and do what the button says; nothing of it where something is wrong."""
    wish = first(typed, "act") or "save"
    try:
        draft = sequences_draft.read_draft(member, slug, typed)
        edited = email_forms.apply(draft.files, key, typed)
        faults = edited.faults or _broken(member, edited.files, key)
        if faults:
            return _form(member, draft, key, Sheet(typed, faults), 422, view=view, sample=sample)
        saved = sequences_draft.save(member, slug, typed, lambda _: _acted(edited.files, key, typed, wish))
    except Conflict:
        return sequences_draft.overtaken(member, slug, typed, key)
    except (ContentError, InvalidInput) as error:
        return _form(member, draft, key, Sheet(typed, {WHOLE: str(error)}), 422, view=view, sample=sample)
    return _done(member, saved, key, wish, draft.files, view=view, sample=sample)


def _acted(files: SequenceFiles, key: str, typed: Typed, wish: str) -> SequenceFiles:
    item, position = first(typed, "item"), first(typed, "position")
    if item and position.isdecimal() and not first(typed, "act"):
        return email_forms.drag(files, key, item, int(position[:4]))
    return email_forms.act(files, key, wish, first(typed, "after"))


def _done(
    member: Member, saved: Version, key: str, wish: str, before: SequenceFiles, *, view: str, sample: str
) -> Response:
    """Back to the form, to the block that was touched."""
    verb, _, rest = wish.partition(block_forms.SEPARATOR)
    path = f"/sequences/{saved.files.slug}/steps/{key}?view={view}&sample={sample}"
    if verb == "test":
        return _send(member, saved.files, key, path, sample)
    known = {block.key for block in before.emails[key].blocks}
    added = next((block.key for block in saved.files.emails[key].blocks if block.key not in known), "")
    block = added or rest.partition(block_forms.SEPARATOR)[0]
    there = block if any(one.key == block for one in saved.files.emails[key].blocks) else ""
    return frame.back(member, f"{path}#block-{there}" if there else path, TOLD.get(verb, TOLD["save"]))


def _send(member: Member, files: SequenceFiles, key: str, path: str, sample: str) -> Response:
    app, now, clinic_id = member.app, member.app.clock.now(), member.clinic_id
    try:
        with app.reading() as db:
            outgoing = test_sends.prepare(
                db, app, clinic_id, member.staff_id, files, key, sample=sample, now=now
            )
        with app.transaction() as db:
            test_sends.note(db, clinic_id, files.slug, key, by=member.by, now=now)
    except Conflict as error:
        return frame.back(member, path, str(error), tone="bad")
    outcome = test_sends.send(app, outgoing)
    said, good = test_sends.in_words(outcome, app, masked(outgoing.rcpt_to))
    return frame.back(member, path, f"Saved. {said}", tone="good" if good else "bad")


def _broken(member: Member, files: SequenceFiles, key: str) -> dict[str, str]:
    with member.app.reading() as db:
        broken = email_forms.broken_blocks(db, member.app, member.clinic_id, files, key)
    return broken or saving.never_saved(files.emails[key])


def _form(
    member: Member, draft: Version, key: str, sheet: Sheet, status: int = 200, *, view: str, sample: str
) -> HTMLResponse:
    email, steps = draft.files.emails[key], draft.files.spec.steps
    typed = bool(sheet.typed)
    with member.app.reading() as db:
        clinic = clinics.get(db, member.clinic_id)
        # What is typed and not saved has faults enough of its own.
        checked = None if typed else email_lints.check_step(db, member.app, clinic.id, draft.files, key)
    lines = {name: sheet.typed.get(name, [getattr(email, name)])[0] for name in email_forms.LINES}
    values: dict[str, Any] = {
        "slug": draft.files.slug,
        "key": key,
        "draft": draft,
        "email": email,
        "number": [step.key for step in steps].index(key) + 1,
        "lines": lines,
        "forms": {block.key: block_forms.form_of(block, sheet.typed) for block in email.blocks},
        "faults": {place: emails_words.fault(text) for place, text in sheet.faults.items()},
        "dirty": typed,
        "checked": checked,
        "catalogue": _catalogue(member),
        "words": emails_words,
        "clinic_country": clinic.country,
    }
    return frame.show(member, "email_editor.html.j2", status, **values, **_looks(view, sample))


def _looks(view: str, sample: str) -> dict[str, Any]:
    """The ways to look at the email, and for whom."""
    return {"view": view, "sample": sample, "views": VIEWS, "people": SAMPLE_PEOPLE}


def _catalogue(member: Member) -> dict[str, list[tuple[str, str]]]:
    """What fields that name something from the shared shelf can be chosen from."""
    prompts = list(member.app.library.prompts.items())
    guides = [(slug, guide.title) for slug, guide in member.app.library.guides.items()]
    with member.app.reading() as db:
        entries = resources_words.choices(resource_rows.all_of(db, member.clinic_id))
    return {"from": prompts, "lighter_from": prompts, "guide": guides, "resource": entries}
