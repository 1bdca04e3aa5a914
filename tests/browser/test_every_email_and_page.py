"""What only a browser can tell, of every shipped email and page: contrast as painted, sideways scrolling, the
size of what thumbs must hit."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from scripts.watching import EVERYTHING, faults

from aftercare.mail.scene import languages
from aftercare.testing.samples import ODD_NAMES, sample_emails, sample_pages

NARROW = 320
"""`make pictures` looks at wider ones, too."""
BY_DAY_AND_NIGHT = ((NARROW, "light"), (NARROW, "dark"))
NAMELESS = ("therapist-guide", "newsletter-confirmation", "call-back")
"""A stranger may have typed the name that came with a sign-up; colleagues know theirs."""
# An email has no landmarks of a web page; a page must have them.
NO_PAGE_RULES = {rule: {"enabled": False} for rule in ("region", "landmark-one-main", "bypass")}
BUTTONS = (
    "[...document.querySelectorAll('a[style*=\"inline-block\"]')].map(a => a.getBoundingClientRect().height)"
)


@pytest.mark.browser
def test_everybody_can_read_and_tap_by_day_and_by_night(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": NARROW, "height": 900})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for language in sorted(languages()):
        for email in sample_emails(language=language):
            _open(page, tmp_path, email.html)
            _check(page, f"{email.name} in {language}", NO_PAGE_RULES)
        for slug, body in sample_pages(language).items():
            _open(page, tmp_path, body)
            _check(page, f"{slug} in {language}", {})
    page.close()
    assert [url for url in requests if not url.startswith("file:")] == []


@pytest.mark.browser
@pytest.mark.parametrize("kind", ODD_NAMES)
def test_an_odd_name_stands_in_every_email_as_it_was_given(
    browser: Browser, tmp_path: Path, kind: str
) -> None:
    emails = {email.name: email for email in sample_emails(ODD_NAMES[kind])}
    page = browser.new_page()
    _open_all(page, tmp_path, [email.html for email in emails.values()])
    greeting = ODD_NAMES[kind].strip("\u200f") or "there"
    for frame, (name, email) in zip(page.frames[1:], emails.items(), strict=True):
        if email.sequence not in NAMELESS:
            assert greeting in " ".join(frame.inner_text("body").split()), name
            assert greeting in " ".join(email.text.split()), name
        assert frame.evaluate("document.documentElement.scrollWidth") <= NARROW, name
    page.close()


def _open_all(page: Page, folder: Path, bodies: list[str]) -> None:
    """Each in a frame as wide as a narrow phone; opening a page takes longer than looking at it."""
    for number, body in enumerate(bodies):
        (folder / f"{number}.html").write_text(body, encoding="utf-8")
    frames = [f'<iframe src="{number}.html" width="{NARROW}" height="900">' for number in range(len(bodies))]
    _open(page, folder, "</iframe>".join(frames))


def _open(page: Page, folder: Path, body: str) -> None:
    file = folder / "letter.html"
    file.write_text(body, encoding="utf-8")
    page.goto(file.as_uri())


def _check(page: Page, name: str, rules: dict[str, dict[str, bool]]) -> None:
    assert list(faults(page, BY_DAY_AND_NIGHT, EVERYTHING | {"rules": rules})) == [], name
    assert all(height >= 44 for height in page.evaluate(BUTTONS)), name
