"""The two cookies of staff pages: who is signed in, and the sentence that the next page shows."""

import base64
import json
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError

from aftercare.config import Settings
from aftercare.web.staff.own_paths import is_own

TOAST = "aftercare-toast"


class Toast(BaseModel):
    """A sentence about what was just done. `undo`: path of the POST that takes it back, for `seconds`."""

    text: str
    undo: str = ""
    seconds: int = 0
    tone: str = "good"


def login_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this very host over TLS (RFC 6265bis section 4.1.3.2); the sandbox has
    no TLS."""
    return "__Host-aftercare" if _secure(settings) else "aftercare-sandbox"


def set_login(response: Response, settings: Settings, token: str) -> None:
    """Sign this browser in: ends with the browser or with the login's own end."""
    response.set_cookie(login_name(settings), token, **_options(settings))


def clear_login(response: Response, settings: Settings) -> None:
    """Sign this browser out."""
    response.delete_cookie(login_name(settings), **_options(settings))


def set_toast(response: Response, settings: Settings, toast: Toast) -> None:
    """Show `toast` on the next page."""
    value = base64.urlsafe_b64encode(toast.model_dump_json().encode()).decode()
    response.set_cookie(TOAST, value, max_age=60, **_options(settings))


def read_toast(request: Request) -> Toast | None:
    """The toast that waits, if any. Its path is one of ours or it is no path."""
    value = request.cookies.get(TOAST)
    if not value:
        return None
    try:
        toast = Toast(**json.loads(base64.urlsafe_b64decode(value)))
    except (ValueError, TypeError, ValidationError):
        return None
    return toast if not toast.undo or is_own(toast.undo) else None


def clear_toast(response: Response, settings: Settings) -> None:
    """It was shown."""
    response.delete_cookie(TOAST, **_options(settings))


def _options(settings: Settings) -> dict[str, Any]:
    return {"secure": _secure(settings), "httponly": True, "samesite": "lax", "path": "/"}


def _secure(settings: Settings) -> bool:
    return settings.public_url.startswith("https:")
