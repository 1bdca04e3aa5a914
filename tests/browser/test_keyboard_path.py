"""Logging a session and publishing with nothing but Tab, Enter, Space and arrows, by somebody who sees where
the focus is."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from scripts.watching import Watch
from tests.factories import World, make_world
from tests.web.staff.colleague import colleague

from aftercare.flows import drafts, editing
from aftercare.testing.serving import served
from aftercare.web.staff import cookies

pytestmark = pytest.mark.browser

MONDAY_14 = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SEQUENCE = "after-your-visit"
STOPS = 80
"""Somebody who has pressed Tab so often has given up."""
FOCUS = """() => {
  const focused = document.activeElement;
  const around = [focused, focused.closest("label")].filter(Boolean);
  const outlined = around.some((one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  const { x, y, width, height } = around.at(-1).getClientRects()[0];
  const onTop = document.elementFromPoint(x + width / 2, y + height / 2);
  return outlined && around.some((one) => one.contains(onTop)) ? "" : focused.outerHTML;
}"""
"""Empty where the focus is outlined and nothing lies over it (WCAG 2.4.7 and 2.4.11)."""


@pytest.fixture
def world(migrated_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """A clinic with Maya, whose first run is under way."""
    shutil.copyfile(migrated_sqlite, tmp_path / "aftercare.sqlite3")
    world = make_world(f"sqlite:///{tmp_path / 'aftercare.sqlite3'}", tmp_path, MONDAY_14)
    world.log_session(world.add_client(), MONDAY_14)
    world.app.drain()
    yield world
    world.app.close()


@pytest.fixture(params=[1280, 320])
def page(request: pytest.FixtureRequest, world: World, browser: Browser) -> Iterator[Page]:
    """The owner's page, wide and narrow, without a mouse."""
    world.app.settings = world.app.settings.model_copy(update={"sandbox": True})
    with served(world.app) as address:
        size = ViewportSize(width=request.param, height=640)
        context = browser.new_context(base_url=address, viewport=size, reduced_motion="reduce")
        name, token = cookies.login_name(world.app.settings), colleague(world).token
        context.add_cookies([{"name": name, "value": token, "url": address}])
        page = context.new_page()
        watch = Watch(page, address)
        yield page
        context.close()
        assert watch.take() == []


def tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until the goal has the focus; at each stop one sees where one is.

    Words can stand in the page before its stylesheet has come: nobody sees them until then.
    """
    expect(goal).to_be_visible()
    page.wait_for_load_state()
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS) == ""
        if goal.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"Tab never comes to {goal}")


def enter(page: Page, goal: Locator) -> None:
    """Go there and press Enter."""
    tab_to(page, goal)
    page.keyboard.press("Enter")


def test_a_session_is_logged_and_taken_back(page: Page) -> None:
    page.goto("/today")
    enter(page, page.get_by_role("link", name="Log a session"))
    expect(page.get_by_label("Who was here?")).to_be_focused()
    page.keyboard.type("may")
    expect(page.get_by_text("1 client found")).to_be_visible()
    enter(page, page.get_by_role("link", name="Maya"))
    expect(page.get_by_role("radio", name="Ordinary")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Strong feelings came up")).to_be_checked()
    expect(page.get_by_text("It gives way to this one")).to_be_visible()
    enter(page, page.get_by_role("button", name="Save and start aftercare"))
    expect(page.get_by_role("status").get_by_text("emails are planned")).to_be_visible()
    enter(page, page.get_by_role("button", name="Undo"))
    expect(page.get_by_role("status").get_by_text("Taken back")).to_be_visible()


def test_a_draft_is_reviewed_and_published(page: Page, world: World) -> None:
    with world.app.transaction() as db:
        draft = drafts.open_draft(db, world.clinic_id, SEQUENCE, by="test", now=MONDAY_14)
        files = editing.set_wait(draft.files, "short-walk", {"days": 4, "at": "10:00"})
        drafts.save_draft(db, world.clinic_id, files, revision=draft.revision, by="test", now=MONDAY_14)
    page.goto(f"/sequences/{SEQUENCE}")
    enter(page, page.get_by_role("button", name="Discard draft"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Discard draft")).to_be_focused()
    page.reload()
    enter(page, page.get_by_role("link", name="Review and publish"))
    tab_to(page, page.get_by_role("radio", name="Keep them as they are"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Move them to version 2")).to_be_checked()
    enter(page, page.get_by_role("button", name="Publish version 2"))
    expect(
        page.get_by_role("status").get_by_text("Version 2 is live. 1 run was moved to it.")
    ).to_be_visible()
