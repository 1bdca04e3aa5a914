"""Pages for people: one style sheet under a nonce, no script, no cookie, nothing from anywhere else."""

import secrets
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from aftercare.mail.colours import Colours
from aftercare.mail.paths import templates_root

NO_STORE = "no-store"
TROUBLE = {
    404: (
        "This link does not work",
        "It may have been cut short on its way, or a newer one has taken its place.",
    ),
    405: ("This page cannot be opened on its own", "It belongs to a button in one of our emails or pages."),
    503: ("Please try again in a minute", "Our service is being looked after right now."),
}
OTHER_TROUBLE = ("Something went wrong on our side", "It is nothing that you did.")


def headers(nonce: str = "", *, cache_control: str = NO_STORE) -> dict[str, str]:
    """Security headers of every public page (standards section 3, endpoint checklist)."""
    style = f"style-src 'nonce-{nonce}'; " if nonce else ""
    policy = f"default-src 'none'; {style}form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": cache_control,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def show(template: str, status: int = 200, *, colours: Colours | None = None, **values: Any) -> HTMLResponse:
    """A page of `templates/`, filled in and with its headers."""
    nonce = new_nonce()
    page = _environment().get_template(template)
    html = page.render(nonce=nonce, colours=colours or Colours(), **values)
    return HTMLResponse(html, status, headers(nonce))


def trouble(status: int, extra: dict[str, str] | None = None) -> HTMLResponse:
    """A kind page for what cannot be done; the same for all causes of one status, so it reveals nothing."""
    heading, reason = TROUBLE.get(status, OTHER_TROUBLE)
    response = show("trouble.html.j2", status, heading=heading, reason=reason)
    response.headers.update(extra or {})
    return response


def new_nonce() -> str:
    """128 random bits: the style element that we wrote is the only one that the browser applies."""
    return secrets.token_urlsafe(16)


@cache
def _environment() -> Environment:
    # The style sheet is the one of the guide pages, which ships with the emails.
    folders = (Path(__file__).parent / "templates", templates_root())
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
