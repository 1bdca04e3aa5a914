"""Rebuilds docs/pictures: `make pictures`. Every shipped email and guide page and every screen, light and
dark, wide and narrow, gathered on contact sheets, and the pictures in the README."""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from scripts.block_pictures import take_blocks
from scripts.browser import ARGUMENTS
from scripts.screen_pictures import take_screens
from scripts.sheets import chromium, lay_out

from aftercare.testing.samples import ODD_NAMES, sample_emails, sample_pages

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SCHEMES = ("light", "dark")
WIDTHS = (600, 320)


def main() -> None:
    """Take the pictures and lay them out."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    emails = [(email.name, email.subject, email.html) for email in sample_emails()]
    pages = [(f"guides/{slug}", f"/guides/{slug}", body) for slug, body in sample_pages().items()]
    spanish = [(email.name, email.subject, email.html) for email in sample_emails("Lucía", "es")]
    spanish += [(f"guides/{slug}", f"/guides/{slug}", body) for slug, body in sample_pages("es").items()]
    sequences = dict.fromkeys(name.partition("/")[0] for name, _, _ in emails)
    groups = {slug: [one for one in emails if one[0].startswith(f"{slug}/")] for slug in sequences}
    groups |= {"guides": pages, "spanish": spanish, "odd-names": list(_odd_names())}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        lines = ["# Every email and guide page", "", "Rebuilt by `make pictures`.", ""]
        for name, group in groups.items():
            lines += list(_sheets(browser, name, group))
        _readme_picture(browser, emails)
        take_blocks(browser, FOLDER.parent)
        (FOLDER / "contact-sheet.md").write_text("\n".join(lines) + "\n")
        wrong = take_screens(browser, FOLDER)
        browser.close()
    if wrong:
        sys.exit("\n".join(wrong))


def _odd_names() -> Iterator[tuple[str, str, str]]:
    """One email of each tone for each name that is easily broken; the browser test looks at all emails so."""
    for kind, name in ODD_NAMES.items():
        emails = {email.name: email for email in sample_emails(name)}
        for shown in ("after-your-visit/evening-plan", "after-a-tender-visit/thank-you"):
            yield f"{kind}-{shown}", kind, emails[shown].html


def _sheets(browser: Browser, name: str, group: list[tuple[str, str, str]]) -> Iterator[str]:
    for width in WIDTHS:
        for scheme in SCHEMES:
            shots = [(title, _shot(browser, body, width, scheme)) for _, title, body in group]
            file = f"{name}-{width}-{scheme}.jpg"
            lay_out(browser, shots, width // 2 if width == 600 else 240, FOLDER / file)
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


if __name__ == "__main__":
    main()
