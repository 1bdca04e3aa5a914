"""What a browser holds against a page: complaints of its own, requests to others, what axe finds, sideways
scrolling."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Response

HEIGHTS = {1280: 900, 320: 640}
LOOKS = tuple((width, scheme) for width in HEIGHTS for scheme in ("light", "dark"))
# What stands in frames is looked at by itself; there no script could answer axe.
EVERYTHING: dict[str, Any] = {"iframes": False, "resultTypes": ["violations"]}
BUT_COLOURS = EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast"]}
REFUSED = "Failed to load resource: the server responded with a status of"


class Watch:
    """Collects what must not happen on a page. The browser logs each answer of 400 and more; those of
    `expected` are part of the story."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.found: list[str] = []
        self.status = 0
        self.expected: int | None = None
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.found.append(str(error)))
        page.on("request", lambda request: self._is_ours(request.url))
        page.on("response", self._answered)

    def take(self) -> list[str]:
        """What was found since the last time."""
        found, self.found = self.found, []
        return found

    def _hear(self, message: ConsoleMessage) -> None:
        is_heard = message.type in ("warning", "error")
        if is_heard and not message.text.startswith(f"{REFUSED} {self.expected} "):
            self.found.append(f"{message.type}: {message.text}")

    def _is_ours(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.found.append(f"a request to {url}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status


def look(page: Page, width: int, scheme: str) -> None:
    """The page in this width, by day (`light`) or by night, without loading it anew."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")


def faults(page: Page, looks: Sequence[tuple[int, str]], first: dict[str, Any] = EVERYTHING) -> Iterator[str]:
    """What is wrong with the page as it stands: all that axe knows (or `first`) in the first of these looks,
    the colours and the width in the others."""
    page.evaluate(AXE_SCRIPT)
    for width, scheme in looks:
        look(page, width, scheme)
        rules = json.dumps(first if (width, scheme) == looks[0] else COLOURS)
        for one in page.evaluate(f"axe.run({rules}).then(found => found.violations)"):
            places = ", ".join(" ".join(node["target"]) for node in one["nodes"][:3])
            yield f"{width} {scheme}: {one['id']} ({one['impact']}) at {places}"
        yield from sideways(page, width)


def sideways(page: Page, width: int) -> Iterator[str]:
    """Whether something is wider than the page when it is `width` pixels wide."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield f"{width}: scrolls sideways"
