"""The pages as people see them: on a narrow phone, without scripts, by day and by night."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

from aftercare.mail.tokens import Purpose
from aftercare.web.app import create_app
from tests.factories import World
from tests.web.visitor import link

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The web application on a real server."""
    server = uvicorn.Server(uvicorn.Config(create_app(world.app), log_level="error"))
    # It listens from here on: who comes before the server has started waits in the queue.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: str) -> Iterator[Page]:
    """A phone of 320 points with scripts switched off."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        size = {"width": 320, "height": 640}
        yield browser.new_page(viewport=size, color_scheme=request.param, java_script_enabled=False)
        browser.close()


def test_she_stops_and_undoes_without_scripts_on_a_narrow_phone(
    world: World, maya: str, address: str, page: Page
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address + link(world, maya))
    for press, then in (
        ("Stop these emails", "These emails have stopped"),
        ("Undo", "Your emails are as they were"),
        ("stop them again", "Your emails from Willow Lane Clinic"),
        ("Stop all emails from Willow Lane Clinic", "Your emails have stopped"),
        ("Undo", "Your emails are as they were"),
    ):
        page.get_by_text(press, exact=True).click()
        assert page.get_by_role("heading", level=1).inner_text() == then
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        # The style sheet was applied, so its nonce is the one that the policy names.
        assert page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius") == "16px"
    assert complaints == []


def test_she_says_no_and_then_yes_without_scripts_on_a_narrow_phone(
    world: World, address: str, page: Page
) -> None:
    ravi = world.add_client("ravi@example.com", topics=())
    asking = link(world, ravi, purpose=Purpose.CONSENT).replace("/u/", "/c/")
    page.goto(address + asking)
    for press, then in (
        ("No, thank you", "No emails will come"),
        ("on this page", "Would you like a few emails from us?"),
        ("Yes, send me these emails", "Thank you"),
        ("stop them here", "Your emails from Willow Lane Clinic"),
    ):
        page.get_by_text(press, exact=True).click()
        assert page.get_by_role("heading", level=1).inner_text() == then
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
