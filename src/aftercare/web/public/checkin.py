"""Answering the question of an email: one page, three answers, a line of text.

As with leaving, GET must never act, since scanners open every link; the token alone authorises the POST
(standards section 2). The link says what was pressed as a number, because an address must not say how
somebody is; it is only marked on the page, and sent by a button."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse

from aftercare.bootstrap import App
from aftercare.errors import InvalidInput
from aftercare.flows import checkins, duty
from aftercare.flows.checkins import Question
from aftercare.flows.duty import Ringing
from aftercare.flows.rendering import theme_of
from aftercare.flows.ringing import in_words
from aftercare.mail.document import EmailDocument, parse_blocks
from aftercare.mail.page import render_blocks
from aftercare.mail.scene import BASE, languages, phrases
from aftercare.mail.tokens import Purpose, Token
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.languages import nearest_to
from aftercare.web.public.links import Holder, holder_of, read_link

router = APIRouter(include_in_schema=False)
SUPPORT = EmailDocument(
    "", "", parse_blocks([{"type": "support", "key": "support", "style": "full"}], "page")
)
Text = Annotated[str, Form(max_length=2000)]


@router.api_route("/k/{token}", methods=["GET", "HEAD"])
def ask(token: str, app: AppDep, a: str = "") -> HTMLResponse:
    """The question, with the answer marked that was pressed in the email. It changes nothing."""
    return _ask(app, read_link(app, token, Purpose.CHECKIN), token, pressed=a)


@router.options("/k/{token}")
def options() -> Response:
    """What may be done here; the same for every token."""
    return Response(headers={"Allow": "GET, HEAD, OPTIONS, POST", **pages.headers()})


@router.post("/k/{token}")
def answer(token: str, app: AppDep, answer: Text = "", note: Text = "") -> HTMLResponse:
    """Record her answer, or change it; what is none shows the question again, with her words."""
    link, now = read_link(app, token, Purpose.CHECKIN), app.clock.now()
    if answer not in checkins.BY_NUMBER.values():
        return _ask(app, link, token, note=note)
    try:
        with app.transaction() as db:
            holder = holder_of(db, link)
            said = checkins.answer(db, holder.client.id, link.topic, answer, note, now=now)
    except InvalidInput:
        number = next(key for key, value in checkins.BY_NUMBER.items() if value == answer)
        return _ask(app, link, token, pressed=str(number), note=note, too_long=True)
    words = ""
    if said.ringing is not None:
        app.submit("sweep")
        words = _when(said.ringing, holder, now)
    return pages.show(
        "checkin_done.html.j2", answer=answer, said=said, ringing=words, **_page(app, holder, token)
    )


def _ask(
    app: App, link: Token, token: str, *, pressed: str = "", note: str | None = None, too_long: bool = False
) -> HTMLResponse:
    now = app.clock.now()
    with app.reading() as db:
        holder = holder_of(db, link)
        question = checkins.question(db, app, holder.client, link.topic)
        ringing = checkins.ringing(db, holder.client, now) or duty.ringing(db, holder.clinic, now)
    return pages.show(
        "checkin.html.j2",
        422 if too_long else 200,
        question=question,
        marked=_marked(question, pressed),
        note=_note(question) if note is None else note,
        too_long=too_long,
        limit=checkins.NOTE_LIMIT,
        ringing=_when(ringing, holder, now),
        **_page(app, holder, token),
    )


def _when(ringing: Ringing, holder: Holder, now: datetime) -> str:
    words = phrases(nearest_to(holder.language, languages()) or BASE)["ringing"]
    return in_words(ringing, holder.client, holder.clinic, words, now=now)


def _marked(question: Question, pressed: str) -> str:
    """What was pressed in the email, else what was answered before."""
    number = int(pressed) if pressed in ("1", "2", "3") else 0
    before = question.response.answer if question.response else ""
    return checkins.BY_NUMBER.get(number, before)


def _note(question: Question) -> str:
    return question.response.note if question.response else ""


def _page(app: App, holder: Holder, token: str) -> dict[str, Any]:
    """What both pages show: whom to talk to at any hour where she lives, in the words of the email."""
    support = render_blocks(
        SUPPORT,
        app.library,
        theme_of(holder.clinic, app),
        language=holder.language,
        country=holder.client.country or holder.clinic.country,
    )
    return {
        "language": holder.language,
        "colours": holder.colours,
        "holder": holder,
        "token": token,
        "support": support,
    }
