"""Rebuilds docs/pictures: `make pictures`. Every shipped email and guide page, light and dark, 600 and 320
pixels wide, gathered on contact sheets, and the picture in the README."""

import base64
import html
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from aftercare.testing.samples import sample_emails, sample_pages

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SCHEMES = ("light", "dark")
WIDTHS = (600, 320)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def main() -> None:
    """Take the pictures and lay them out."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    emails = [(email.name, email.subject, email.html) for email in sample_emails()]
    pages = [(f"guides/{slug}", f"/guides/{slug}", body) for slug, body in sample_pages().items()]
    groups = {
        "after-your-visit": [one for one in emails if one[0].startswith("after-your-visit")],
        "after-a-tender-visit": [one for one in emails if one[0].startswith("after-a-tender")],
        "guides": pages,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        lines = ["# Every email and guide page", "", "Rebuilt by `make pictures`.", ""]
        for name, group in groups.items():
            lines += list(_sheets(browser, name, group))
        _readme_picture(browser, emails)
        browser.close()
    (FOLDER / "contact-sheet.md").write_text("\n".join(lines) + "\n")


def _sheets(browser: Browser, name: str, group: list[tuple[str, str, str]]) -> Iterator[str]:
    for width in WIDTHS:
        for scheme in SCHEMES:
            shots = [(title, _shot(browser, body, width, scheme)) for _, title, body in group]
            file = f"{name}-{width}-{scheme}.png"
            _lay_out(browser, shots, width // 2 if width == 600 else 240, FOLDER / file)
            yield f"## {name}, {width} px, {scheme}\n\n![{name}, {width} px, {scheme}]({file})\n"


def _shot(browser: Browser, body: str, width: int, scheme: str) -> bytes:
    page = browser.new_page(
        viewport={"width": width, "height": 600},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1,
    )
    page.set_content(body)
    shot = page.screenshot(full_page=True)
    page.close()
    return shot


def _lay_out(browser: Browser, shots: Iterable[tuple[str, bytes]], width: int, path: Path) -> None:
    """One sheet: the pictures side by side, each with its subject above."""
    figures = "".join(
        f"<figure><figcaption>{html.escape(title)}</figcaption>"
        f'<img width="{width}" src="data:image/png;base64,{base64.b64encode(shot).decode()}"></figure>'
        for title, shot in shots
    )
    style = (
        "body{margin:12px;background:#8a8f8d;font:13px sans-serif;display:flex;gap:12px}"
        "figure{margin:0}figcaption{color:#fff;margin:0 0 4px}img{display:block}"
    )
    page = browser.new_page(viewport={"width": (width + 12) * 6 + 12, "height": 400})
    page.set_content(f"<style>{style}</style>{figures}")
    page.screenshot(path=path, full_page=True)
    page.close()


def _readme_picture(browser: Browser, emails: list[tuple[str, str, str]]) -> None:
    chosen = {name: body for name, _, body in emails}
    shots = [
        ("", _shot(browser, chosen["after-your-visit/evening-plan"], 600, "light")),
        ("", _shot(browser, chosen["after-a-tender-visit/steady-evening"], 600, "dark")),
    ]
    page = browser.new_page(viewport={"width": 1000, "height": 760})
    images = "".join(
        f'<img width="480" src="data:image/png;base64,{base64.b64encode(shot).decode()}">'
        for _, shot in shots
    )
    page.set_content(
        "<style>body{margin:0;background:#8a8f8d;display:flex;align-items:flex-start;gap:12px;padding:14px}"
        f"img{{border-radius:8px}}</style>{images}"
    )
    page.screenshot(path=FOLDER / "readme.png")
    page.close()


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("AFTERCARE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        sys.exit("No Chromium: run `make setup`, or set AFTERCARE_CHROMIUM.")
    return found


if __name__ == "__main__":
    main()
