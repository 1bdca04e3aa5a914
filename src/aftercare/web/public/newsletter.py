"""Signing up for a clinic's newsletter, for anybody: a form, and always the same answer.

Nothing here depends on whether the address is known: not the words, not the status, and not the statements
that run (ASVS 6.3.8). There is no CSRF token, since there is no log-in that could be abused, and the form may
stand on the clinic's own website."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from aftercare.bootstrap import App
from aftercare.domain.signups import mailbox_of, network_of
from aftercare.errors import InvalidInput
from aftercare.flows import newsletter_page, signups
from aftercare.flows.readers import read_address
from aftercare.mail.colours import Colours
from aftercare.mail.scene import BASE
from aftercare.models import Clinic, NewsletterPage
from aftercare.store.signups import Typed
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.languages import accepted, nearest_to

router = APIRouter(include_in_schema=False)
Line = Annotated[str, Form(max_length=1000)]
NAMES = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class SignupForm:
    """What was typed in. `website`: a field that people do not see; programs fill it in."""

    email: Line = ""
    language: Line = ""
    website: Line = ""


@dataclass(frozen=True)
class Host:
    """The clinic whose page it is, in a language."""

    page: NewsletterPage
    clinic: Clinic
    language: str

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"/n/{self.page.slug}"

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """One of its pages."""
        colours = Colours(**self.clinic.colours)
        others = {tag: NAMES.get(tag, tag) for tag in pages.words() if tag != self.language}
        shown = {"holder": self, "others": others, "found": self.page.may_be_found, **values}
        response = pages.show(template, status, language=self.language, colours=colours, **shown)
        if self.page.may_be_found and status == 200:
            del response.headers["X-Robots-Tag"]
        return response


def host_of(app: App, slug: str, request: Request, wish: str = "") -> Host:
    """The clinic at this address, in the language of `wish`, else the browser's, else its own. NotFound."""
    with app.reading() as db:
        page, clinic = newsletter_page.open_page(db, slug)
    header = request.headers.get("accept-language", "")
    browser = accepted(header, pages.words()) if header else clinic.language
    language = nearest_to(wish, pages.words()) or nearest_to(browser, pages.words()) or BASE
    return Host(page, clinic, language)


@router.api_route("/n/{slug}", methods=["GET", "HEAD"])
def ask(slug: str, app: AppDep, request: Request, lang: str = "") -> HTMLResponse:
    """The form. It changes nothing."""
    host = host_of(app, slug, request, lang)
    return form_page(host, SignupForm())


@router.options("/n/{slug}")
def options() -> Response:
    """What may be done here."""
    return Response(headers={"Allow": "GET, HEAD, OPTIONS, POST", **pages.headers()})


@router.post("/n/{slug}")
def sign_up(slug: str, app: AppDep, request: Request, form: Annotated[SignupForm, Depends()]) -> HTMLResponse:
    """Keep what was typed for a worker. The same page for every address that could be one."""
    host = host_of(app, slug, request, form.language)
    if not host.page.takes_signups:
        return form_page(host, SignupForm())
    try:
        typed = _typed(app, host, form)
    except InvalidInput as error:
        return form_page(host, form, error.field)
    peer = network_of(request.client.host if request.client else "")
    with app.transaction() as db:
        signups.ask(
            db,
            host.clinic.id,
            None if form.website else typed,
            network=_keyed(app, host.clinic, f"network:{peer}"),
            unshifted=app.clock.unshifted(),
        )
    return host.show("signup_sent.html.j2")


def form_page(host: Host, form: SignupForm, wrong: str = "", *, looking: bool = False) -> HTMLResponse:
    """The form; `wrong`: the field that cannot be used; `looking`: staff look at it, and it sends nothing."""
    words = newsletter_page.wording(host.clinic, host.page, host.language)
    status = 422 if wrong else 200
    return host.show("signup.html.j2", status, form=form, wrong=wrong, wording=words, looking=looking)


def _typed(app: App, host: Host, form: SignupForm) -> Typed:
    email, key = read_address(form.email)
    return Typed(
        address_hash=_keyed(app, host.clinic, f"address:{key}"),
        mailbox_hash=_keyed(app, host.clinic, f"mailbox:{mailbox_of(key)}"),
        email=email,
        language=host.language,
        wording=newsletter_page.wording(host.clinic, host.page, host.language),
    )


def _keyed(app: App, clinic: Clinic, text: str) -> str:
    """A hash that says nothing to whoever has no key, and in another clinic is another."""
    return hmac.digest(app.address_key, f"{clinic.id}:{text}".encode(), hashlib.sha256).hex()
