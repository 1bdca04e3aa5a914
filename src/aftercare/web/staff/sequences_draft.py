"""What all forms that change a draft share: names in addresses, the revision that was read, and the page for
whoever was overtaken. Every change is made to the draft; what is live stays."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AfterValidator

from aftercare.errors import Conflict, NotFound
from aftercare.flows import actors, drafts
from aftercare.flows.block_forms import Typed
from aftercare.flows.drafts import Version
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member
from aftercare.web.staff.unsaved import unsaved

Change = Callable[[SequenceFiles], SequenceFiles]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ENOUGH = 4


def is_name(text: str) -> bool:
    """Whether a sequence or a step can be called that."""
    return _NAME.fullmatch(text) is not None


def _possible(name: str) -> str:
    if not is_name(name):
        raise NotFound("There is nothing of that name.")
    return name


Slug = Annotated[str, AfterValidator(_possible)]
StepKey = Annotated[str, AfterValidator(_possible)]


async def read_form(request: Request) -> Typed:
    """Every field that was sent, as text; how many there are depends on the email."""
    form = await request.form()
    return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form if name}


TypedDep = Annotated[Typed, Depends(read_form)]


def first(typed: Typed, name: str) -> str:
    """The value of a field that stands once; empty where it was not sent."""
    return next(iter(typed.get(name, ())), "")


def revision_of(typed: Typed) -> int:
    """The revision that the form was made of; one that never was where there is none."""
    sent = first(typed, "revision")
    return int(sent) if sent.isdecimal() and len(sent) <= _ENOUGH * 2 else -1


def read_draft(member: Member, slug: str, typed: Typed) -> Version:
    """The draft as the form showed it. Conflict where it has changed since."""
    with member.app.reading() as db:
        draft = drafts.draft(db, member.clinic_id, slug)
    if draft is None or draft.revision != revision_of(typed):
        raise Conflict(drafts.CHANGED_MEANWHILE)
    return draft


def save(member: Member, slug: str, typed: Typed, change: Change) -> Version:
    """Change the draft as the form asks. Conflict, ContentError, InvalidInput, NotFound."""
    draft = read_draft(member, slug, typed)
    with member.app.transaction() as db:
        return drafts.save_draft(
            db,
            member.clinic_id,
            change(draft.files),
            revision=draft.revision,
            by=member.by,
            now=member.app.clock.now(),
        )


def edit(member: Member, slug: str, typed: Typed, change: Change, path: str, toast: str) -> Response:
    """As `save`, then on to `path`; to the page of the overtaken where somebody was quicker."""
    try:
        save(member, slug, typed, change)
    except Conflict:
        return overtaken(member, slug, typed)
    return frame.back(member, path, toast)


def overtaken(member: Member, slug: str, typed: Typed, step: str = "") -> HTMLResponse:
    """409: who changed the draft meanwhile, and what was typed, to copy from. `step`: whose email it was."""
    with member.app.reading() as db:
        draft, live = drafts.draft(db, member.clinic_id, slug), drafts.live(db, member.clinic_id, slug)
        newest = draft or live
        by = (draft.changed_by if draft else live.published_by if live else None) or ""
        name = actors.names(db, member.clinic_id, [by])[by]
    page = {"slug": slug, "draft": draft, "newest": newest, "who": "" if by == member.by else name}
    files = newest.files if newest else None
    back_to = f"/steps/{step}" if draft and step in draft.files.emails else ""
    texts = unsaved(files, step, typed)
    return frame.show(member, "sequence_overtaken.html.j2", 409, **page, texts=texts, back_to=back_to)
