"""Pictures of every screen, and what is wrong with any of them in any look."""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize
from playwright.sync_api import TimeoutError as TookTooLong
from scripts.screen_world import ScreenWorld, make_screen_world
from scripts.screens import SCREENS, Screen
from scripts.sheets import lay_out
from scripts.watching import LOOKS, Watch, faults, look

from aftercare.testing.serving import served
from aftercare.web.staff import cookies

AREAS = {
    "Signing in, Today, the sandbox": ("login", "join", "today", "sandbox", "shortcuts"),
    "Logging a session": ("log",),
    "Clients": ("clients", "add", "edit", "client"),
    "What can be done for a client": ("pause", "paused", "hold", "stop", "start", "consent"),
    "Appointments and what happens in a life": ("appointment", "life", "whose", "proof", "on"),
    "Who would like a call, and settings": ("alert", "alerts", "settings"),
    "Newsletters": ("newsletter", "newsletters"),
    "Bringing a list in": ("import",),
    "Calendar and inbox": ("calendar", "inbox"),
    "Sequences and their emails": (
        "sequences",
        "sequence",
        "wait",
        "email",
        "resource",
        "resources",
        "publish",
        "published",
        "versions",
    ),
    "Where something cannot be done": ("trouble",),
    "What clients see": ("public",),
}
TALLEST = {1280: 1300, 320: 1700}
"""Longer pages are cut off there."""
SHOWN = {1280: (430, 4), 320: (190, 9)}
"""Pixels of each picture on its sheet, and pictures in a row."""
LOADS_WITHIN_MS = 4000
IN_README = ("log-plan", "client")
README_SIZE = ViewportSize(width=1280, height=1080)

Shots = dict[tuple[int, str], list[tuple[str, bytes]]]


def take_screens(browser: Browser, folder: Path) -> list[str]:
    """Shoot every screen in every look onto sheets in `folder`/screens; a line for each fault."""
    (folder / "screens").mkdir(exist_ok=True)
    areas: dict[str, Shots] = {area: defaultdict(list) for area in AREAS}
    area_of = {screen.name: _area_of(screen) for screen in SCREENS}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as data:
        world = make_screen_world(Path(data))
        with served(world.app) as address:
            watches = {who: _watch(browser, world, who, address) for who in {one.who for one in SCREENS}}
            for screen in SCREENS:
                wrong += _take(screen, watches[screen.who], world, areas[area_of[screen.name]], folder)
            for watch in watches.values():
                watch.page.context.close()
        world.app.close()
    _write_sheets(browser, areas, folder)
    return wrong


def _watch(browser: Browser, world: ScreenWorld, who: str, address: str) -> Watch:
    context = browser.new_context(reduced_motion="reduce", locale="en-GB")
    if who in world.tokens:
        name = cookies.login_name(world.app.settings)
        context.add_cookies([{"name": name, "value": world.tokens[who], "url": address}])
    return Watch(context.new_page(), address)


def _area_of(screen: Screen) -> str:
    first = screen.name.partition("-")[0]
    return next(area for area, names in AREAS.items() if first in names)


def _take(screen: Screen, watch: Watch, world: ScreenWorld, shots: Shots, folder: Path) -> Iterator[str]:
    """Add its pictures to the others of its area; what is wrong with it."""
    watch.expected = screen.status
    look(watch.page, *LOOKS[0])
    screen.open(watch.page, watch.address, world.names)
    for fault in [*faults(watch.page, LOOKS), *watch.take()]:
        yield f"{screen.name}: {fault}"
    for width, scheme in LOOKS:
        look(watch.page, width, scheme)
        shots[width, scheme].append((screen.name, _shot(watch.page, width)))
    if screen.name in IN_README:
        look(watch.page, *LOOKS[0])
        watch.page.set_viewport_size(README_SIZE)
        watch.page.screenshot(path=folder / f"readme-{screen.name}.png")


def _shot(page: Page, width: int) -> bytes:
    height = page.evaluate("document.documentElement.scrollHeight")
    # What is in sight is loaded: pictures of emails load when they come into it.
    page.set_viewport_size({"width": width, "height": min(height, TALLEST[width])})
    # A page that asks for news is never idle.
    with suppress(TookTooLong):
        page.wait_for_load_state("networkidle", timeout=LOADS_WITHIN_MS)
    return page.screenshot()


def _write_sheets(browser: Browser, areas: dict[str, Shots], folder: Path) -> None:
    lines = [
        "# Every screen",
        "",
        "Rebuilt by `make pictures`, which also checks each with axe in every look.",
        "",
    ]
    for area, shots in areas.items():
        lines += [f"## {area}", ""]
        for (width, scheme), pictures in shots.items():
            file = f"screens/{_slug(area)}-{width}-{scheme}.jpg"
            size, per_row = SHOWN[width]
            lay_out(browser, _in_rows(pictures), size, folder / file, per_row)
            lines += [f"![{area}, {width} pixels wide, {scheme}]({file})", ""]
    (folder / "screens.md").write_text("\n".join(lines))


def _in_rows(pictures: Sequence[tuple[str, bytes]]) -> Sequence[tuple[str, bytes]]:
    """Rows are as high as their highest picture: in the order of their heights (bytes 20 to 23 of a PNG)."""
    return sorted(pictures, key=lambda one: int.from_bytes(one[1][20:24]))


def _slug(area: str) -> str:
    return "-".join("".join(letter for letter in area.lower() if letter.isalpha() or letter == " ").split())
