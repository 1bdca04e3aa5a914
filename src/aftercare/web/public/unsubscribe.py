"""Leaving: a link that shows a page, and a button, or the mail program's own one click, that acts.

GET must never act: mail scanners open every link of every email before the person does, and some run the
scripts of the page too (standards section 2). The token alone authorises a POST (RFC 8058 section 3.1 forbids
mail programs to send cookies or anything else), so there is no CSRF token here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from aftercare.flows import consent, own_choices
from aftercare.mail.tokens import Purpose
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.public.links import holder_of, link_for, read_link

router = APIRouter(include_in_schema=False)
TOPIC, EVERYTHING = "topic", "everything"


async def posted_choice(request: Request) -> str | None:
    """Which button of our page was pressed; None for a mail program's one click, whatever it sends along."""
    try:
        form = await request.form()
    except HTTPException as error:
        # A form that cannot be parsed still is a person who wants to leave; a body that is too large is not.
        if error.status_code != 400:
            raise
        return None
    choice = form.get("leave")
    return str(choice) if choice in (TOPIC, EVERYTHING) else None


Choice = Annotated[str | None, Depends(posted_choice)]


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def ask(token: str, app: AppDep) -> HTMLResponse:
    """The page with the buttons; for somebody who has left, also by one click, with the way back. It changes
    nothing."""
    link = read_link(app, token, Purpose.UNSUBSCRIBE)
    with app.reading() as db:
        holder = holder_of(db, link)
        given = own_choices.gets(db, holder.client)
        undoable = consent.can_undo(db, holder.client.id, link.topic)
    undo = link_for(app, holder, Purpose.UNDO, link.topic) if undoable else None
    return pages.show(
        "unsubscribe.html.j2",
        settings=link_for(app, holder, Purpose.SETTINGS, link.topic),
        language=holder.language,
        colours=holder.colours,
        holder=holder,
        token=token,
        given=given,
        undo=undo,
    )


@router.options("/u/{token}")
def options() -> Response:
    """What may be done here; the same for every token."""
    return Response(headers={"Allow": "GET, HEAD, OPTIONS, POST", **pages.headers()})


@router.post("/u/{token}")
def leave(token: str, choice: Choice, app: AppDep) -> Response:
    """Stop these emails at once; again and again with the same result."""
    link = read_link(app, token, Purpose.UNSUBSCRIBE)
    topic = consent.EVERYTHING if choice == EVERYTHING else link.topic
    now = app.clock.now()
    with app.transaction() as db:
        holder = holder_of(db, link)
        source = "unsubscribe_page" if choice else "one_click"
        consent.opt_out(db, holder.client.id, topic, source=source, now=now)
    if choice is None:
        # RFC 8058 section 3.1: a machine asked; nobody will see a page.
        return Response(headers=pages.headers())
    undo = link_for(app, holder, Purpose.UNDO, topic)
    everything = topic == consent.EVERYTHING
    return pages.show(
        "stopped.html.j2",
        language=holder.language,
        colours=holder.colours,
        holder=holder,
        undo=undo,
        everything=everything,
    )


@router.post("/u/{token}/undo")
def undo(token: str, app: AppDep) -> HTMLResponse:
    """Take the stop back: what she got before goes on, as far as it is not too late."""
    link = read_link(app, token, Purpose.UNDO)
    now = app.clock.now()
    with app.transaction() as db:
        holder = holder_of(db, link)
        consent.undo_opt_out(db, holder.client.id, link.topic, now=now)
    back = link_for(app, holder, Purpose.UNSUBSCRIBE, link.topic)
    return pages.show(
        "restored.html.j2", language=holder.language, colours=holder.colours, holder=holder, back=back
    )
