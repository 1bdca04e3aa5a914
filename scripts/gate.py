"""The slow gate of the content: `make gate`. Every shipped email in every language it is written in, in both
schemes and at three widths in a browser (axe, sideways scroll, what thumbs must hit), by the lints, and by
SpamAssassin's local rules."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from scripts.browser import ARGUMENTS
from scripts.sheets import chromium

from aftercare.mail.lint import check, files, sample
from aftercare.mail.lint.letter import from_bytes
from aftercare.mail.paths import templates_root

WIDTHS = (320, 600, 1024)
SCHEMES = ("light", "dark")
LEAST_SCORE, MOST_SPAM = 95, 0.5
NO_PAGE_RULES = {rule: {"enabled": False} for rule in ("region", "landmark-one-main", "bypass")}
"""An email has no landmarks of a web page."""
BUTTONS = (
    "[...document.querySelectorAll('a[style*=\"inline-block\"]')].map(a => a.getBoundingClientRect().height)"
)
THUMB = 44
NO_SPAMASSASSIN = (
    "No SpamAssassin, so nobody says what a filter makes of these emails; type: "
    "sudo apt-get install spamassassin"
)
_POINTS = re.compile(r"^Content analysis details:\s+\((-?[\d.]+) points", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """One email as one kind of reader gets it."""

    name: str
    path: Path
    raw: bytes
    html: str


def main() -> None:
    """Look at everything; the faults go to stderr, and the exit code is 1 where there is one."""
    if shutil.which("spamassassin") is None:
        sys.exit(NO_SPAMASSASSIN)
    paths = sorted(
        path for path in (templates_root() / "sequences").glob("*/*/*.yaml") if path.stem != "sequence"
    )
    readings = [reading for path in paths for reading in _readings(path)]
    worst = min((_score(path) for path in paths), key=lambda one: one[0])
    spam = max(map(_spam, readings))
    faults = [*_seen(readings)]
    if worst[0] < LEAST_SCORE:
        faults.append(f"{worst[1]}: scores {worst[0]}")
    if spam[0] >= MOST_SPAM:
        faults.append(f"{spam[1]}: SpamAssassin gives it {spam[0]} points")
    print(f"emails: {len(paths)}\nreadings: {len(readings)}\nlooks: {len(readings) * len(WIDTHS) * 2}")
    print(f"lowest_score: {worst[0]}\nhighest_spam: {spam[0]}\nfaults: {len(faults)}")
    if faults:
        sys.exit("\n".join(faults))


def _readings(path: Path) -> Iterator[Reading]:
    """The first reading, and a regular's where that differs."""
    one = files.read_written(path)
    language = files.language_of(path)
    again = any(block.when != "always" for block in one.email.blocks)
    for returning in (False, True) if again else (False,):
        person = replace(sample.Person(language=language), returning=returning)
        raw = sample.message(one, person)
        name = f"{language}/{one.slug}/{path.stem}{'-again' if returning else ''}"
        yield Reading(name, path, raw, from_bytes(raw, name).html)


def _score(path: Path) -> tuple[int, str]:
    return check(files.read_letters(path)).score, str(path.relative_to(templates_root()))


def _spam(reading: Reading) -> tuple[float, str]:
    """What SpamAssassin's local rules give it (`-L`: no network; `-x`: no file in the home)."""
    done = subprocess.run(
        ["spamassassin", "-L", "-t", "-x"], input=reading.raw, capture_output=True, check=True
    )
    found = _POINTS.search(done.stdout.decode(errors="replace"))
    if found is None:
        sys.exit(f"{reading.name}: SpamAssassin says nothing of its points")
    return float(found[1]), reading.name


def _seen(readings: list[Reading]) -> Iterator[str]:
    """What is wrong with any of them in any look."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for scheme in SCHEMES:
            for width in WIDTHS:
                yield from _in_one_look(browser, Path(folder), readings, width, scheme)
        browser.close()


def _in_one_look(
    browser: Browser, folder: Path, readings: list[Reading], width: int, scheme: str
) -> Iterator[str]:
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for reading in readings:
        file = folder / "letter.html"
        file.write_text(reading.html, encoding="utf-8")
        page.goto(file.as_uri())
        for fault in _faults(page, width):
            yield f"{reading.name} ({width} px, {scheme}): {fault}"
    page.close()
    yield from (f"a request to {url}" for url in asked if not url.startswith("file:"))


def _faults(page: Page, width: int) -> Iterator[str]:
    found = Axe().run(page, options={"rules": NO_PAGE_RULES, "resultTypes": ["violations"]})
    if found.violations_count:
        yield found.generate_report()
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield "scrolls sideways"
    if any(height < THUMB for height in page.evaluate(BUTTONS)):
        yield f"a button is less than {THUMB} px high"


if __name__ == "__main__":
    main()
