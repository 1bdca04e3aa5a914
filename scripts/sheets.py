"""Contact sheets: pictures side by side, each with its title above."""

import base64
import html
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser
from scripts.browser import find_chromium

GAP = 12
STYLE = (
    f"body{{margin:{GAP}px;background:#8a8f8d;font:13px sans-serif;display:flex;flex-wrap:wrap;gap:{GAP}px;"
    "align-items:flex-start}"
    "figure{margin:0}figcaption{color:#fff;margin:0 0 4px}img{display:block}"
)
QUALITY = 45
"""Of a JPEG: words can still be read."""


def lay_out(
    browser: Browser, shots: Sequence[tuple[str, bytes]], width: int, path: Path, per_row: int = 6
) -> None:
    """One sheet, as the kind of file that its name says; each picture is shown `width` pixels wide."""
    figures = "".join(
        f"<figure><figcaption>{html.escape(title)}</figcaption>"
        f'<img width="{width}" src="data:image/png;base64,{base64.b64encode(shot).decode()}"></figure>'
        for title, shot in shots
    )
    columns = min(per_row, len(shots))
    page = browser.new_page(viewport={"width": (width + GAP) * columns + GAP, "height": 400})
    page.set_content(f"<style>{STYLE}</style>{figures}")
    if path.suffix == ".jpg":
        page.screenshot(path=path, full_page=True, type="jpeg", quality=QUALITY)
    else:
        page.screenshot(path=path, full_page=True)
    page.close()


def chromium() -> str:
    """The path of a Chromium; the program ends where there is none."""
    found = find_chromium()
    if found is None:
        sys.exit("No Chromium: run `make setup`, or set CHROMIUM.")
    return found
