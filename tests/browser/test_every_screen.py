"""Every screen of staff and clients, wide and narrow, by day and by night: readable for everybody, in
silence, and complete."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Browser
from scripts.screen_world import ScreenWorld, make_screen_world
from scripts.screens import SCREENS, Screen
from scripts.watching import HEIGHTS, Watch, faults, look, sideways

from aftercare.testing.serving import served
from aftercare.web.app import create_app
from aftercare.web.staff import cookies

pytestmark = pytest.mark.browser

BY_NIGHT, BY_DAY = (320, "dark"), (1280, "light")
"""A page is looked at by night with all that axe knows, and what else can stand on it by day, for its width
and its silence. `make pictures` asks axe about every screen in all four looks; that takes minutes."""
NO_SCREENS = {
    "/": "leads to Today",
    "/healthz": "for machines",
    "/readyz": "for machines",
    "/inbox/search": "leads to the list",
    "/inbox/newer": "a part of the inbox",
    "/inbox/{message_id}/html": "in a frame of the inbox, and looked at in test_every_email_and_page.py",
    "/inbox/{message_id}/source": "a file",
    "/pictures/email/{email_version_id}": "in frames",
    "/pictures/message/{message_id}": "in frames",
    "/sequences/{slug}/steps/{key}/preview": "in a frame of the editor",
    "/clients/import/template.csv": "a file",
    "/clients/import/{import_id}/refused.csv": "a file",
    "/clients/search": "leads to the list",
    "/clients/{client_id}/planned": "the client's page again",
    "/sandbox/bar": "a part of every page",
    "/n/{slug}/feed.xml": "for machines",
    "/v/{token}": "an email as it left, looked at in test_every_email_and_page.py",
}


@pytest.fixture(scope="module")
def world(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScreenWorld]:
    """The sandbox on its Wednesday."""
    world = make_screen_world(tmp_path_factory.mktemp("screens"), migrated_sqlite)
    yield world
    world.app.close()


def test_every_page_is_a_screen(world: ScreenWorld) -> None:
    pages = [
        context.path
        for context in iter_route_contexts(create_app(world.app).routes)
        if context.path and "GET" in (context.methods or ()) and not context.path.startswith("/api")
    ]
    shown = {_page_of(screen.path, pages) for screen in SCREENS}
    assert set(pages) - shown == set(NO_SCREENS)


@pytest.mark.timeout(900)  # eighty screens; on a busy machine each takes seconds
def test_each_screen_is_readable_quiet_and_no_wider_than_a_phone(
    world: ScreenWorld, browser: Browser
) -> None:
    found: dict[str, list[str]] = {}
    with served(world.app) as address:
        watches = {who: _watch(browser, world, who, address) for who in {one.who for one in SCREENS}}
        seen: set[str] = set()
        for screen in SCREENS:
            path = screen.path.partition("?")[0]
            first_look = BY_DAY if path in seen else BY_NIGHT
            seen.add(path)
            found[screen.name] = list(_faults(screen, watches[screen.who], world, first_look))
        for watch in watches.values():
            watch.page.context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _watch(browser: Browser, world: ScreenWorld, who: str, address: str) -> Watch:
    context = browser.new_context(reduced_motion="reduce")
    if who in world.tokens:
        name = cookies.login_name(world.app.settings)
        context.add_cookies([{"name": name, "value": world.tokens[who], "url": address}])
    context.set_default_timeout(60_000)  # on a busy machine a page takes its time
    # Emails have tests of their own, and take their time.
    context.route("**/pictures/**", lambda route: route.fulfill(content_type="text/html", body=""))
    return Watch(context.new_page(), address)


def _faults(screen: Screen, watch: Watch, world: ScreenWorld, first_look: tuple[int, str]) -> Iterator[str]:
    watch.expected = screen.status
    look(watch.page, *first_look)
    screen.open(watch.page, watch.address, world.names)
    if first_look == BY_NIGHT:
        yield from faults(watch.page, [first_look])
    for width in HEIGHTS:
        yield from sideways(watch.page, width)
    yield from watch.take()
    if watch.status != screen.status:
        yield f"answered {watch.status}, not {screen.status}"


def _page_of(path: str, pages: list[str]) -> str | None:
    """The first page, in the order in which they are asked, that answers there."""
    address = path.partition("?")[0]
    return next((one for one in pages if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), address)), None)
