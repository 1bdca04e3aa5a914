"""Style sheets and scripts that were bundled at build time (`hatch_build.py`)."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi.staticfiles import StaticFiles

DIST = Path(__file__).parent / "static" / "dist"


def mount() -> StaticFiles:
    """The ASGI application that serves them."""
    return StaticFiles(directory=DIST, check_dir=False)


@cache
def url(name: str) -> str:
    """The address of one file; it changes with its content, so that no browser keeps an old one."""
    path = DIST / name
    content = path.read_bytes() if path.is_file() else b""
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
