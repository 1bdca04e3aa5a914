"""The page behind the email that answers a sign-up: a yes or a no, by the owner of the mailbox."""

from typing import Any

from fastapi.responses import HTMLResponse

from aftercare.bootstrap import App
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import signups
from aftercare.mail.tokens import Purpose, Token
from aftercare.models import Client
from aftercare.web import pages
from aftercare.web.public.links import Holder, holder_of, link_for

TOPIC = signups.TOPIC


def ask(app: App, link: Token, token: str, *, typed: str | None = None) -> HTMLResponse:
    """The words that the form showed, and two buttons. It changes nothing. `typed`: a name that cannot be
    used."""
    with app.reading() as db:
        holder = holder_of(db, link)
        pending = signups.pending(db, holder.client)
    if pending.stopped:
        return _show("signup_stopped.html.j2", holder)
    return _show(
        "signup_confirm.html.j2",
        holder,
        422 if typed is not None else 200,
        token=token,
        pending=pending,
        asks_name=holder.client.signup_id is not None,
        first_name=typed or "",
        wrong=typed is not None,
    )


def say_yes(app: App, link: Token, token: str, first_name: str) -> HTMLResponse:
    """From now on she is a client who said yes to the newsletter; pressing again changes nothing."""
    now = app.clock.now()
    try:
        with app.transaction() as db:
            holder = holder_of(db, link)
            client = signups.say_yes(db, holder.client.id, first_name, now=now)
    except InvalidInput:
        return ask(app, link, token, typed=first_name)
    except Conflict:
        return ask(app, link, token)
    leave = link_for(app, _as(holder, client), Purpose.UNSUBSCRIBE, TOPIC)
    return _show("signup_yes.html.j2", holder, leave=leave)


def say_no(app: App, link: Token) -> HTMLResponse:
    """Her address is deleted."""
    now = app.clock.now()
    with app.transaction() as db:
        holder = holder_of(db, link)
        wording = pages.words_in(holder.language)["signup_confirm"]["no"]
        signups.say_no(db, holder.client, wording, now=now)
    return _show("signup_no.html.j2", holder)


def _as(holder: Holder, client: Client) -> Holder:
    """She was a client here before: her own links are hers."""
    return Holder(client, holder.clinic, holder.topic)


def _show(template: str, holder: Holder, status: int = 200, **values: Any) -> HTMLResponse:
    page: dict[str, Any] = {"language": holder.language, "colours": holder.colours, "holder": holder}
    return pages.show(template, status, **page, **values)
