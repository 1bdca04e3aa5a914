"""The resource library: what emails may recommend beside our own pages. Everybody looks, editors change."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import newcomers, resource_shelf, resources
from aftercare.flows.resources import Particulars
from aftercare.mail.scene import languages
from aftercare.models import Resource
from aftercare.store import resources as rows
from aftercare.web.api.body import ResourceId
from aftercare.web.staff import frame, resources_words
from aftercare.web.staff.clients import LANGUAGES
from aftercare.web.staff.deps import EditorDep, Member, ViewerDep

router = APIRouter(prefix="/resources")
Text = Annotated[str, Form(max_length=1000)]
HOME = "/resources"


@dataclass(frozen=True)
class ResourceForm:
    """The form as it was sent, or as it begins."""

    title: Text = ""
    url: Text = ""
    kind: Text = "organisation"
    language: Text = "en"
    country: Text = ""
    note: Text = ""

    @classmethod
    def of(cls, row: Resource) -> "ResourceForm":
        """What is known now."""
        return cls(row.title, row.url, row.kind, row.language, row.country or "", row.note)

    def particulars(self) -> Particulars:
        """What it says. InvalidInput for a country that nobody knows."""
        country = newcomers.code_of_country(self.country) or ""
        return Particulars(self.title, self.url, self.kind, self.language, country, self.note)


FormDep = Annotated[ResourceForm, Depends()]


@router.get("")
def overview(member: ViewerDep) -> HTMLResponse:
    """All entries, and our own pages."""
    with member.app.reading() as db:
        today = resources.today_of(db, member.clinic_id, member.app.clock.now())
        lines = resource_shelf.listed(db, member.app.library, member.clinic_id, today=today)
    return frame.show(member, "resources.html.j2", lines=lines, today=today, words=resources_words)


@router.get("/new")
def ask_new(member: EditorDep) -> HTMLResponse:
    """The empty form."""
    return _ask(member, ResourceForm())


@router.post("")
def add(member: EditorDep, form: FormDep) -> Response:
    """A new entry."""
    now = member.app.clock.now()
    try:
        with member.app.transaction() as db:
            resources.add(db, member.clinic_id, form.particulars(), by=member.by, now=now)
    except (InvalidInput, Conflict) as error:
        return _ask(member, form, error=error)
    return frame.back(member, HOME, "Added. Emails can link to it now.")


@router.get("/{resource_id}")
def ask(member: EditorDep, resource_id: ResourceId) -> HTMLResponse:
    """An entry, to be corrected."""
    row = _row(member, resource_id)
    return _ask(member, ResourceForm.of(row), row)


@router.post("/{resource_id}")
def change(member: EditorDep, resource_id: ResourceId, form: FormDep) -> Response:
    """Emails that were not sent yet follow."""
    now = member.app.clock.now()
    try:
        with member.app.transaction() as db:
            resources.change(db, member.clinic_id, resource_id, form.particulars(), by=member.by, now=now)
    except (InvalidInput, Conflict) as error:
        return _ask(member, form, _row(member, resource_id), error)
    return frame.back(member, HOME, "Saved. Emails that were not sent yet follow it.")


@router.post("/{resource_id}/checked")
def checked(member: EditorDep, resource_id: ResourceId) -> Response:
    """Somebody looked, and it works."""
    now = member.app.clock.now()
    with member.app.transaction() as db:
        row = resources.mark_checked(db, member.clinic_id, resource_id, by=member.by, now=now)
    return frame.back(member, HOME, f"“{row.title}”: checked today.")


@router.post("/{resource_id}/dead")
def dead(member: EditorDep, resource_id: ResourceId) -> Response:
    """Somebody looked, and it does not."""
    now = member.app.clock.now()
    with member.app.transaction() as db:
        row = resources.mark_dead(db, member.clinic_id, resource_id, by=member.by, now=now)
    return frame.back(member, HOME, f"“{row.title}”: emails go out without it from now on.")


@router.post("/{resource_id}/remove")
def remove(member: EditorDep, resource_id: ResourceId) -> Response:
    """Take it out of the library, unless an email needs it."""
    now = member.app.clock.now()
    try:
        with member.app.transaction() as db:
            resources.remove(db, member.clinic_id, resource_id, by=member.by, now=now)
    except Conflict as error:
        return frame.back(member, HOME, str(error), tone="bad")
    return frame.back(member, HOME, "Removed.")


def _row(member: Member, resource_id: ResourceId) -> Resource:
    with member.app.reading() as db:
        return rows.get(db, member.clinic_id, resource_id)


def _ask(
    member: Member,
    form: ResourceForm,
    row: Resource | None = None,
    error: InvalidInput | Conflict | None = None,
) -> HTMLResponse:
    tags = sorted({*languages(), form.language})
    return frame.show(
        member,
        "resource_form.html.j2",
        422 if error else 200,
        form=form,
        row=row,
        error=error,
        kinds=resources_words.KINDS.items(),
        languages=[(tag, LANGUAGES.get(tag, tag)) for tag in tags],
        countries=newcomers.countries(),
    )
