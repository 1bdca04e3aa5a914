"""What only a browser can tell of the inbox: frames that do nothing, links that work, news that arrive."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from scripts.watching import faults

from aftercare.testing.inline import pass_time
from aftercare.web.app import create_app
from aftercare.web.staff import cookies
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.staff.colleague import colleague

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

THURSDAY_9 = MONDAY_14 + timedelta(days=2, hours=19)
"""Her third email leaves at ten."""
BY_DAY = ((320, "light"),)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """A sandbox on a real server; its links lead to itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        world.app.settings = world.app.settings.model_copy(update={"sandbox": True, "public_url": url})
        server = uvicorn.Server(uvicorn.Config(create_app(world.app), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield url
        server.should_exit = True
        thread.join()


@pytest.fixture
def maya(world: World, address: str) -> str:
    """A client whose emails link to the server of the test."""
    client_id = world.add_client()
    world.log_session(client_id, MONDAY_14)
    return client_id


@pytest.fixture
def desk(world: World, address: str, browser: Browser) -> Iterator[BrowserContext]:
    """The owner's browser, signed in, on a narrow screen."""
    pass_time(world.app, THURSDAY_9)  # she signs in then: a log-in ends after twelve idle hours
    name, token = cookies.login_name(world.app.settings), colleague(world).token
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        context.add_cookies([{"name": name, "value": token, "url": address}])
        yield context


def watched(page: Page, address: str) -> list[str]:
    """What must stay empty: complaints of the browser, and requests to anybody else."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else found.append(request.url))
    return found


def test_the_unsubscribe_link_of_an_email_in_the_inbox_works(
    world: World, maya: str, address: str, desk: BrowserContext
) -> None:
    page = desk.new_page()
    complaints = watched(page, address)
    newest = next(row.id for row in reversed(world.messages(maya)) if row.sent_at)
    for view in ("source", "html"):
        page.goto(f"{address}/inbox/{newest}?view={view}")
        assert list(faults(page, BY_DAY)) == [], view
    with desk.expect_page() as opened:
        page.frame_locator("iframe").get_by_text("Unsubscribe", exact=True).click()
    opened.value.get_by_role("button").first.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("These emails have stopped")
    page.reload()
    expect(page.get_by_text("Stopped since")).to_be_visible()
    assert complaints == []


def test_an_email_that_arrives_drops_into_the_list_and_is_announced(
    world: World, maya: str, address: str, desk: BrowserContext
) -> None:
    page = desk.new_page()
    complaints = watched(page, address)
    page.goto(f"{address}/inbox")
    expect(page.locator("#inbox-rows tr")).to_have_count(2)
    pass_time(world.app, THURSDAY_9 + timedelta(hours=2))
    expect(page.get_by_role("status").filter(has_text="1 new email")).to_be_visible(timeout=10_000)
    expect(page.locator("#inbox-rows tr")).to_have_count(3)
    expect(page.locator("#inbox-rows tr").first).to_contain_text("A short walk, if it suits")
    assert list(faults(page, BY_DAY)) == []
    assert complaints == []
