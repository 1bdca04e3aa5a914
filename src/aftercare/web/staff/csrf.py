"""Only our own pages may send forms here (standards section 6, ASVS 3.5.1): the browser's own word on where
a request comes from, and a token that is bound to the login."""

import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request
from markupsafe import Markup
from starlette.exceptions import HTTPException

from aftercare.bootstrap import App

FIELD, HEADER = "csrf", "X-CSRF-Token"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def token_for(app: App, login_id: str) -> str:
    """The token of one login."""
    return hmac.digest(app.form_key, f"csrf:{login_id}".encode(), hashlib.sha256).hex()


def field(token: str) -> Markup:
    """The hidden field of a form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)


async def sent_token(request: Request) -> str:
    """The token of an unsafe request: from the header (htmx) or from the form."""
    if request.method not in UNSAFE:
        return ""
    if header := request.headers.get(HEADER):
        return header
    value = (await request.form()).get(FIELD)
    return value if isinstance(value, str) else ""


def check_origin(request: Request) -> None:
    """403 where the browser says that another site sent this. Where it says nothing the token decides."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        ours = site == "same-origin"
    else:
        ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if request.method in UNSAFE and not ours:
        raise HTTPException(403)


def check(request: Request, app: App, login_id: str, token: str) -> None:
    """403 unless an unsafe request comes from a page that this login was shown."""
    check_origin(request)
    if request.method in UNSAFE and not hmac.compare_digest(
        token.encode(), token_for(app, login_id).encode()
    ):
        raise HTTPException(403)
