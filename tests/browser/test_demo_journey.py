"""The sandbox as somebody meets it who has just typed `make demo`: a process, a browser, a fortnight."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from scripts.watching import Watch

from aftercare.testing.processes import Processes

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 60_000
FORTNIGHT = timedelta(days=14)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`aftercare demo` in an empty folder; where it says that it is."""
    folder = tmp_path_factory.mktemp("demo")
    with Processes(folder, ROOT, {}) as processes:
        options = ["demo", "--no-intro", "--folder", str(folder / "data"), "--port", "0"]
        demo = processes.start("demo", "aftercare.cli", *options, stdout=subprocess.PIPE)
        assert demo.popen.stdout is not None
        said = (re.search(r"is open:\s+(\S+)", line.decode()) for line in demo.popen.stdout)
        yield next(found[1] for found in said if found)


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context


@pytest.fixture
def page(desk: BrowserContext, address: str) -> Iterator[Page]:
    """A page that must not complain and asks nobody else, and no tab that it opens either."""
    expect.set_options(timeout=PATIENCE_MS)
    watches: list[Watch] = []
    desk.on("page", lambda tab: watches.append(Watch(tab, address)))
    page = desk.new_page()
    yield page
    for tab in desk.pages:
        tab.close()
    assert [found for watch in watches for found in watch.take()] == []


@dataclass
class Hand:
    """A hand on mouse and keyboard: each click and each word is one interaction."""

    page: Page
    interactions: int = 0

    def click(self, what: Locator) -> None:
        """One click."""
        self.interactions += 1
        what.click()

    def type(self, words: str) -> None:
        """Words, to wherever the focus is."""
        self.interactions += 1
        self.page.keyboard.type(words)


def travel(page: Page, button: str) -> None:
    """Press a button of the bar and wait until the clock has arrived."""
    clock = page.locator("#sandbox-bar time")
    before = clock.get_attribute("datetime") or ""
    page.get_by_role("button", name=button, exact=True).click()
    expect(clock).not_to_have_attribute("datetime", before)
    expect(page.locator(".travelling")).to_have_count(0)


def entries(page: Page, address: str, first_day: str) -> dict[tuple[str, ...], str]:
    """The calendar of two weeks: (day, time, subject, client) -> what became of the email."""
    page.goto(f"{address}/calendar?start={first_day}")
    found = {}
    for day in page.locator("section.day").all():
        for row in day.locator("li").all():
            what = [
                row.locator(part).first.inner_text() for part in (".at", "div p >> nth=0", "div p >> nth=1")
            ]
            found[day.get_attribute("aria-labelledby") or "", *what] = row.locator(".chip").inner_text()
    return found


def test_a_jump_of_a_fortnight_sends_what_the_calendar_showed(address: str, page: Page) -> None:
    page.goto(f"{address}/today")
    shown = page.locator("#sandbox-bar time")
    now = datetime.fromisoformat(shown.get_attribute("datetime") or "")
    first_day = now.date().isoformat()
    planned = {entry for entry, state in entries(page, address, first_day).items() if state == "Planned"}
    assert len(planned) > 20
    page.get_by_text("More", exact=True).click()
    page.get_by_label("To a date").fill(f"{now + FORTNIGHT:%Y-%m-%dT%H:%M}")
    travel(page, "Go there")
    became = entries(page, address, first_day)
    assert {became.get(entry) for entry in planned} == {"Sent"}
    waited = {entry for entry in became if entry not in planned and became[entry] != "Sent"}
    assert {became[entry] for entry in waited} <= {"Waits", "Left out"}


def test_a_session_three_emails_a_stop_and_then_silence(
    address: str, page: Page, desk: BrowserContext
) -> None:
    page.goto(address)
    expect(page.get_by_text("Sandbox: nothing leaves this computer.")).to_be_visible()
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Log a session"))
    expect(page.get_by_label("Who was here?")).to_be_focused()
    hand.type("Oliv")
    hand.click(page.get_by_role("link", name="Olivia"))
    hand.click(page.get_by_text("Ordinary"))
    hand.click(page.get_by_role("button", name="Save and start aftercare"))
    expect(page.get_by_role("status").get_by_text("emails are planned")).to_be_visible()
    assert hand.interactions <= 6

    for _ in range(3):
        travel(page, "To the next email")
    page.goto(f"{address}/inbox")
    page.locator("#inbox-rows th a").first.click()
    client = page.get_by_role("complementary").locator("a[href^='/clients/']").first.get_attribute("href")
    with desk.expect_page() as opened:
        page.frame_locator("iframe").get_by_text("Unsubscribe", exact=True).click()
    opened.value.get_by_role("button", name="Stop these emails").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("These emails have stopped")

    hers = f"{address}/inbox?client={(client or '').rpartition('/')[2]}"
    page.goto(hers)
    before = page.locator("#inbox-rows tr").count()
    travel(page, "One week")
    page.goto(hers)
    expect(page.locator("#inbox-rows tr")).to_have_count(before)
    page.goto(f"{address}{client}")
    expect(page.locator(".moments.ahead")).to_have_count(0)
    expect(page.get_by_text("Stopped aftercare emails")).to_be_visible()
    expect(page.get_by_text("taken back: the client asked for these emails to stop")).to_be_visible()
