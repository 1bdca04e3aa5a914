"""Paths that come from outside, in a link, a form or a cookie, and that we would send a browser to."""

HOME = "/today"


def is_own(path: str) -> bool:
    r"""Whether this path stays on this server. Browsers read `//host` and `/\host` as another host, and take
    tabs and line breaks out before they read (URL standard, 4.4)."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def own(path: str) -> str:
    """This path, or the first page where it would lead elsewhere (an open redirect)."""
    return path if is_own(path) else HOME
