"""The clinic's clients: the list, finding somebody, adding somebody."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import consent_request, newcomers, roster
from aftercare.flows.clients import NewClient
from aftercare.flows.consent import TOPICS
from aftercare.flows.newcomers import Yes
from aftercare.mail.scene import languages
from aftercare.models import Client
from aftercare.store import clinics
from aftercare.web.api.body import ClientId
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, TherapistDep, ViewerDep

FILTERS = (
    ("all", "All"),
    ("running", "In a sequence"),
    ("no-consent", "No consent"),
    ("stopped", "Stopped"),
    ("waiting", "On hold or paused"),
)
LANGUAGES = {"en": "English", "es": "Spanish"}
router = APIRouter(prefix="/clients")
Text = Annotated[str, Form(max_length=400)]


@dataclass(frozen=True)
class ClientForm:
    """The form as it was sent. `consent` is yes, ask or later; `then` is log to go on to her session."""

    email: Text = ""
    first_name: Text = ""
    timezone: Text = ""
    country: Text = ""
    language: Text = ""
    consent: Text = ""
    source: Text = ""
    given_on: Text = ""
    wording: Annotated[str, Form(max_length=3000)] = ""
    then: Text = ""

    def new(self) -> NewClient:
        """Who she is. InvalidInput."""
        return NewClient(
            email=self.email,
            first_name=self.first_name,
            timezone=newcomers.zone_of_town(self.timezone),
            country=newcomers.code_of_country(self.country),
            language=self.language,
        )

    def yes(self) -> Yes | None:
        """What she agreed to, if she did. InvalidInput."""
        if self.consent not in ("yes", "ask", "later"):
            raise InvalidInput("consent", "choose whether they said yes")
        if self.consent != "yes":
            return None
        return Yes(TOPICS[:1], self.source, " ".join(self.wording.split()), read_day(self.given_on))


FormDep = Annotated[ClientForm, Depends()]


@router.get("")
def look(member: ViewerDep, only: str = "all", after: ClientId | None = None) -> HTMLResponse:
    """Everybody, by name."""
    with member.app.reading() as db:
        listing = roster.read_page(db, member.clinic_id, only=only, after=after)
    return _list(member, listing=listing, only=only, words="", first=after is None)


@router.post("/search")
def find(member: ViewerDep, q: Text = "") -> Response:
    """Clients by name. A POST, because an address that is typed here must not end up in a log of URLs."""
    if not q.strip():
        return RedirectResponse("/clients", 303)
    with member.app.reading() as db:
        listing = roster.find(db, member.clinic_id, q)
    return _list(member, listing=listing, only="", words=q.strip(), first=True)


@router.get("/search")
def found(_: ViewerDep) -> Response:
    """Somebody came back to the address of a search."""
    return RedirectResponse("/clients", 303)


@router.get("/new")
def ask(member: TherapistDep, then: str = "") -> HTMLResponse:
    """An empty form."""
    return _ask(member, ClientForm(then="log" if then == "log" else ""))


@router.post("")
def add(member: TherapistDep, form: FormDep) -> Response:
    """Add her, and say what follows."""
    app, now = member.app, member.app.clock.now()
    try:
        new, yes = form.new(), form.yes()
        with app.reading() as db:
            known = newcomers.who_has(db, member.clinic_id, form.email)
        if known is not None:
            return _ask(member, form, known=known)
        with app.transaction() as db:
            ask = form.consent == "ask"
            client = newcomers.add(db, member.clinic_id, new, yes, ask=ask, by=member.by, now=now)
    except InvalidInput as error:
        return _ask(member, form, error=error)
    except Conflict as error:
        return _ask(member, form, error=InvalidInput("consent", str(error)))
    if form.consent == "ask":
        app.submit("sweep")
    path = f"/sessions/new?client={client.id}" if form.then == "log" else f"/clients/{client.id}"
    return frame.back(member, path, _told(form))


def read_day(text: str) -> date:
    """The day of a yes, as a date field sends it. InvalidInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("given_on", "choose the day of the yes") from None


def _told(form: ClientForm) -> str:
    if form.consent == "ask":
        return "Added. One email asks for consent; nothing else is sent before a yes."
    return (
        "Added, with consent to aftercare emails." if form.consent == "yes" else "Added. No emails are sent."
    )


def _list(member: Member, **page: Any) -> HTMLResponse:
    return frame.show(member, "clients.html.j2", **page, filters=FILTERS, now=member.app.clock.now())


def _ask(
    member: Member, form: ClientForm, *, error: InvalidInput | None = None, known: Client | None = None
) -> HTMLResponse:
    with member.app.reading() as db:
        clinic = clinics.get(db, member.clinic_id)
    form = replace(form, language=form.language or clinic.language)
    today = member.app.clock.now().astimezone(ZoneInfo(clinic.timezone)).date()
    return frame.show(
        member,
        "client_new.html.j2",
        422 if error or known else 200,
        form=form,
        error=error,
        known=known,
        wording=form.wording or consent_request.wording(clinic),
        given_on=form.given_on or today.isoformat(),
        zones=newcomers.zones(),
        countries=newcomers.countries(),
        languages=[(tag, LANGUAGES.get(tag, tag)) for tag in sorted(languages())],
    )
