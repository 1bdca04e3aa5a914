"""Paths that come from outside, in a link, a form or a cookie, and that we would send a browser to."""

from urllib.parse import urlsplit

from starlette.requests import Request

HOME = "/today"


def asked_for(request: Request) -> str:
    """The page that this request asks for; where it asks for a part of one (htmx), the page around it."""
    if "hx-request" in request.headers:
        return came_from(request)
    return own(request.url.path + (f"?{request.url.query}" if request.url.query else ""))


def came_from(request: Request) -> str:
    """The page of ours with the form or link that was used, as the browser says; else the first page."""
    page = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    if page.netloc != request.headers.get("host"):
        return HOME
    return own(page.path + (f"?{page.query}" if page.query else ""))


def is_own(path: str) -> bool:
    r"""Whether this path stays on this server. Browsers read `//host` and `/\host` as another host, and take
    tabs and line breaks out before they read (URL standard, 4.4)."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def own(path: str) -> str:
    """This path, or the first page where it would lead elsewhere (an open redirect)."""
    return path if is_own(path) else HOME
