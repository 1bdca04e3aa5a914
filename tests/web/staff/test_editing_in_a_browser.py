"""Changing a sequence with a keyboard and with a mouse, to what arrives in the end."""

import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from aftercare.testing.inline import pass_time
from aftercare.web.app import create_app
from aftercare.web.staff import cookies
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.staff.colleague import colleague

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SEQUENCE = "/sequences/after-your-visit"
PEN = f"{SEQUENCE}/steps/two-minutes-with-a-pen"
MOVED = re.compile("^(Moved|The order here has changed)")
REFUSED = "status of 422"
"""The browser notes every page that says that something cannot be used."""


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The clinic on a real server."""
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
def desk(world: World, address: str, browser: Browser) -> Iterator[BrowserContext]:
    """The owner's browser, signed in."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as context:
        sign_in(world, context, address)
        yield context


def sign_in(world: World, context: BrowserContext, address: str) -> None:
    """Sign the owner in; again after half a day in which nothing was done."""
    name, token = cookies.login_name(world.app.settings), colleague(world).token
    context.add_cookies([{"name": name, "value": token, "url": address}])


@pytest.fixture
def page(desk: BrowserContext, address: str) -> Iterator[Page]:
    """A page about which the browser has nothing to complain, and which asks nobody else for anything."""
    found: list[str] = []
    page = desk.new_page()
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else found.append(request.url))
    yield page
    assert [complaint for complaint in found if REFUSED not in complaint] == []


def add_people(world: World, *names: str) -> list[str]:
    """Clients whose session has just ended."""
    added = [world.add_client(f"{name.encode().hex()}@example.com", first_name=name) for name in names]
    for client_id in added:
        world.log_session(client_id, world.app.clock.now())
    world.app.drain()
    return added


def draft(page: Page, address: str) -> None:
    """Open a draft."""
    page.goto(address + SEQUENCE)
    page.get_by_role("button", name="Edit").press("Enter")
    expect(page.get_by_text("says the same as live version")).to_be_visible()


def change_wait(page: Page, step: str, days: str) -> None:
    """Write another number into the sentence of a step, and press Enter."""
    card = page.locator(f"#step-{step}")
    card.get_by_text("When and to whom").press("Enter")
    amount = card.locator(f"#amount-{step}")
    amount.press("Control+a")
    amount.type(days)
    amount.press("Enter")
    expect(page.get_by_role("status").get_by_text("Saved in the draft.")).to_be_visible()


def change_words(page: Page, address: str, words: str) -> None:
    """Write another paragraph; the preview follows, and then it is saved."""
    page.goto(address + PEN)
    text = page.locator("[id='yours:paragraphs']")
    text.fill(words)
    expect(page.frame_locator("iframe[name=preview]").get_by_text(words)).to_be_visible()
    page.get_by_role("button", name="Save draft").press("Enter")
    expect(page.get_by_role("status").get_by_text("Saved in the draft.")).to_be_visible()


def publish(page: Page, way: str) -> None:
    """Review and publish with the keyboard."""
    page.goto(page.url.split("/steps")[0])
    page.get_by_role("link", name="Review and publish").press("Enter")
    page.get_by_role("radio", name=way).press("Space")
    page.get_by_role("button", name="Publish version").press("Enter")
    expect(page.get_by_role("status").get_by_text("is live.")).to_be_visible()


def shown_in_the_inbox(page: Page, world: World, address: str, client_id: str) -> str:
    """What her email with the pen says, as the inbox shows it."""
    message = next(
        row.id for row in world.messages(client_id) if row.step_key.endswith("a-pen") and row.sent_at
    )
    page.goto(f"{address}/inbox/{message}?view=text")
    return page.locator("pre").inner_text()


def test_who_is_part_way_keeps_the_old_words_and_later_moves_without_a_burst(
    world: World, address: str, desk: BrowserContext, page: Page
) -> None:
    old = add_people(world, "Maya", "Zoë", "Ana")
    draft(page, address)
    change_wait(page, "short-walk", "5")
    change_words(page, address, "New words, as the second version has them.")
    publish(page, "Keep them")
    expect(page.get_by_text("3 people stay on the version before")).to_be_visible()
    new = add_people(world, "Inês")[0]
    pass_time(world.app, MONDAY_14 + timedelta(days=2))
    sign_in(world, desk, address)
    for client_id in old:
        assert "We do not see what you write" in shown_in_the_inbox(page, world, address, client_id)
    assert "New words, as the" in shown_in_the_inbox(page, world, address, new)

    draft(page, address)
    change_wait(page, "quiet-minutes", "2")
    change_wait(page, "short-walk", "1")
    publish(page, "Move them")
    pass_time(world.app, MONDAY_14 + timedelta(days=30))
    for client_id in (*old, new):
        sent = [row for row in world.messages(client_id) if row.sent_at]
        assert max(Counter(row.step_key for row in sent).values()) == 1
        assert max(Counter(row.planned_for.date() for row in sent).values()) == 1
        assert {row.state for row in world.messages(client_id)} <= {"sent", "skipped", "cancelled"}


def drag(page: Page, what: str, number: int, onto: int, y: int) -> None:
    """Drag one of a list by its handle onto another, `y` pixels below its top."""
    handle, target = page.locator(f"{what} [data-handle]").nth(number), page.locator(what).nth(onto)
    handle.drag_to(target, target_position={"x": 200, "y": y})
    expect(page.get_by_role("status").get_by_text(MOVED).or_(page.get_by_text("Saved in"))).to_be_visible()


def test_steps_and_blocks_are_dragged_or_moved_by_keys(world: World, address: str, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 2000})  # both ends of each way are in sight
    draft(page, address)
    steps = page.locator(".step h3 a")
    first, second = steps.nth(0).inner_text(), steps.nth(1).inner_text()
    drag(page, ".step", 0, 1, 200)
    expect(steps.nth(1)).to_have_text(first)
    page.get_by_role("link", name=first, exact=True).press("Alt+ArrowUp")
    expect(steps.nth(1)).to_have_text(second)
    page.goto(address + PEN)
    page.locator("[id='yours:heading']").fill("Typed before the drag")
    drag(page, ".block", 1, 0, 20)
    blocks = page.locator(".block legend")
    assert [name.strip("⠿ \n") for name in blocks.all_inner_texts()[:2]] == ["Text", "Greeting"]
    expect(page.locator("[id='yours:heading']")).to_have_value("Typed before the drag")


def test_a_merge_field_goes_in_at_the_caret_and_every_view_shows_what_is_typed(
    address: str, page: Page
) -> None:
    draft(page, address)
    page.goto(address + PEN)
    text = page.locator("[id='hello:text']")
    text.fill("Good evening ")
    page.get_by_text("Put in a name").click()
    page.get_by_role("button", name="First name", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Put it in").click()
    expect(text).to_have_value("Good evening {{ first_name | there }}")
    frame = page.frame_locator("iframe[name=preview]")
    expect(frame.get_by_text("Good evening Maya")).to_be_visible()
    page.get_by_label("As read by").select_option("No first name")
    expect(frame.get_by_text("Good evening there")).to_be_visible()
    for view, what in (("Dark", "body"), ("Phone", "body"), ("Text", "pre")):
        page.get_by_role("button", name=view, exact=True).click()
        expect(frame.locator(what).get_by_text("Good evening there").first).to_be_visible()
        expect(page.get_by_role("button", name=view, exact=True)).to_have_attribute("aria-pressed", "true")
    text.fill("Good evening {{ nobody }}")
    expect(frame.get_by_text("This cannot be shown yet")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(text).to_have_value("Good evening {{ nobody }}")
