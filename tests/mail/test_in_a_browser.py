"""What only a browser can tell: contrast as painted, sideways scrolling, the size of what thumbs must hit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from aftercare.mail.library import load_library
from aftercare.mail.page import render_page
from aftercare.mail.paths import templates_root
from tests.mail.letters import THEME, message_of, part

# An email has no landmarks of a web page; a page must have them.
PAGE_RULES = {"rules": {rule: {"enabled": False} for rule in ("region", "landmark-one-main", "bypass")}}
BUTTONS = (
    "[...document.querySelectorAll('a[style*=\"inline-block\"]')].map(a => a.getBoundingClientRect().height)"
)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["email", "page"])
def test_everybody_can_read_and_tap(
    browser: Browser, tmp_path: Path, kind: str, scheme: Literal["light", "dark"], width: int
) -> None:
    library = load_library(templates_root())
    guide = next(iter(library.guides.values()))
    file = tmp_path / "letter.html"
    file.write_text(part(message_of(), "html") if kind == "email" else render_page(guide, library, THEME))
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    found = Axe().run(page, options=PAGE_RULES if kind == "email" else None)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert all(height >= 44 for height in page.evaluate(BUTTONS))
    page.close()
