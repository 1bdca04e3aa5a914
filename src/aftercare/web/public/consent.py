"""Saying yes or no to emails: the page behind an email that asks. What about, its link says: the newsletter
has a page of its own (`signup_answer`).

As with leaving, GET must never act, and the token alone authorises the POST (standards section 2)."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse

from aftercare.bootstrap import App
from aftercare.flows import consent_request
from aftercare.flows.consent_request import TOPIC
from aftercare.mail.tokens import Purpose, Token
from aftercare.store import consents
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.public import signup_answer
from aftercare.web.public.links import holder_of, link_for, read_link

router = APIRouter(include_in_schema=False)
YES, NO = "yes", "no"
Answer = Annotated[str, Form()]


@router.api_route("/c/{token}", methods=["GET", "HEAD"])
def ask(token: str, app: AppDep) -> HTMLResponse:
    """What she would get, the words of consent, and two buttons. It changes nothing."""
    link = read_link(app, token, Purpose.CONSENT)
    if link.topic == signup_answer.TOPIC:
        return signup_answer.ask(app, link, token)
    with app.reading() as db:
        holder = holder_of(db, link)
        record = consents.current(db, holder.client.id).get(TOPIC)
    leave = link_for(app, holder, Purpose.UNSUBSCRIBE, TOPIC)
    words = consent_request.wording(holder.clinic, holder.language)
    return pages.show(
        "consent.html.j2",
        language=holder.language,
        colours=holder.colours,
        holder=holder,
        token=token,
        given=None if record is None else record.given,
        leave=leave,
        wording=words,
    )


@router.options("/c/{token}")
def options() -> Response:
    """What may be done here; the same for every token."""
    return Response(headers={"Allow": "GET, HEAD, OPTIONS, POST", **pages.headers()})


@router.post("/c/{token}")
def answer(token: str, app: AppDep, answer: Answer = "", first_name: Answer = "") -> HTMLResponse:
    """Record her yes or no, once however often it is sent; anything else shows the question again."""
    if answer not in (YES, NO):
        return ask(token, app)
    link, now, planned = read_link(app, token, Purpose.CONSENT), app.clock.now(), 0
    if link.topic == signup_answer.TOPIC:
        return _about_newsletter(app, link, token, answer, first_name)
    with app.transaction() as db:
        holder = holder_of(db, link)
        if answer == YES:
            words = consent_request.wording(holder.clinic, holder.language)
            planned = consent_request.say_yes(db, holder.client.id, words, now=now)
        else:
            words = pages.words_in(holder.language)["consent"]["no"]
            consent_request.say_no(db, holder.client.id, words, now=now)
    leave = link_for(app, holder, Purpose.UNSUBSCRIBE, TOPIC)
    return pages.show(
        f"consent_{answer}.html.j2",
        language=holder.language,
        colours=holder.colours,
        holder=holder,
        token=token,
        planned=planned,
        leave=leave,
    )


def _about_newsletter(app: App, link: Token, token: str, answer: str, first_name: str) -> HTMLResponse:
    if answer == NO:
        return signup_answer.say_no(app, link)
    return signup_answer.say_yes(app, link, token, first_name)
