"""The clinic's public newsletter pages: open or closed, in which words, and where. Editors choose."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import InvalidInput
from aftercare.flows import newsletter_page
from aftercare.flows.newsletter_page import Choices
from aftercare.mail.scene import BASE
from aftercare.models import Clinic, NewsletterPage
from aftercare.store import clinics, newsletter_pages
from aftercare.web import pages
from aftercare.web.public.newsletter import Host, SignupForm, form_page
from aftercare.web.staff import frame
from aftercare.web.staff.clients import LANGUAGES
from aftercare.web.staff.deps import EditorDep, Member, ViewerDep

HOME = "/newsletters/sign-up"
router = APIRouter(prefix=HOME)
Words = Annotated[str, Form(max_length=2000)]
Ticked = Annotated[bool, Form()]


@router.get("")
def show(member: ViewerDep) -> HTMLResponse:
    """How the pages stand, and a form for the clinic's own website."""
    _, page = _read(member)
    return _show(member, page)


@router.post("")
def choose(
    member: EditorDep,
    takes_signups: Ticked = False,
    shows_archive: Ticked = False,
    may_be_found: Ticked = False,
    wording_en: Words = "",
    wording_es: Words = "",
) -> Response:
    """Open or close them, and the words of consent."""
    wording = {"en": wording_en, "es": wording_es}
    choices = Choices(takes_signups, shows_archive, may_be_found, wording)
    now = member.app.clock.now()
    try:
        with member.app.transaction() as db:
            newsletter_page.choose(db, member.clinic_id, choices, by=member.by, now=now)
    except InvalidInput as error:
        return _show(member, _unsaved(member, choices), error)
    return frame.back(member, HOME, "Saved. The pages are so from now on.")


@router.post("/preview")
def preview(
    member: EditorDep, request: Request, wording_en: Words = "", wording_es: Words = ""
) -> HTMLResponse:
    """The form as everybody would see it, in these words, which are not saved. It sends nothing."""
    clinic, _ = _read(member)
    wording = {"en": wording_en, "es": wording_es}
    page = _unsaved(member, Choices(takes_signups=True, wording=wording))
    language = "es" if request.query_params.get("lang") == "es" else BASE
    return form_page(Host(page, clinic, language), SignupForm(), looking=True)


def _show(member: Member, page: NewsletterPage | None, error: InvalidInput | None = None) -> HTMLResponse:
    clinic, stored = _read(member)
    shipped = {tag: newsletter_page.wording(clinic, None, tag) for tag in pages.words()}
    path = f"{member.app.settings.public_url}/n/{stored.slug}" if stored else ""
    words = pages.words_in(clinic.language)["signup"]
    shown = {"wording": newsletter_page.wording(clinic, stored, clinic.language), "words": words}
    return frame.show(
        member,
        "newsletter_page.html.j2",
        422 if error else 200,
        page=page,
        path=path,
        shipped=shipped,
        names=LANGUAGES,
        snippet=_snippet(path, clinic, **shown) if stored and stored.takes_signups else "",
        error=error,
    )


def _snippet(path: str, clinic: Clinic, **values: object) -> str:
    """The form as plain HTML, to be copied into any website."""
    template = frame.environment().get_template("newsletter_snippet.html.j2")
    return template.render(path=path, language=clinic.language, **values)


def _read(member: Member) -> tuple[Clinic, NewsletterPage | None]:
    with member.app.reading() as db:
        return clinics.get(db, member.clinic_id), newsletter_pages.of_clinic(db, member.clinic_id)


def _unsaved(member: Member, choices: Choices) -> NewsletterPage:
    """What was chosen, though it is stored nowhere."""
    return NewsletterPage(
        clinic_id=member.clinic_id,
        slug="",
        takes_signups=choices.takes_signups,
        shows_archive=choices.shows_archive,
        may_be_found=choices.may_be_found,
        wording=dict(choices.wording or {}),
    )
