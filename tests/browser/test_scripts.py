"""The scripts of the staff pages, on small pages under the policy that staff pages have."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from aftercare.web.assets import DIST
from aftercare.web.staff.frame import HEADERS

pytestmark = pytest.mark.browser

ADDRESS = "http://clinic.example"
FORM = '<form method="post" action="/save" {}><input name="words" value="a"><button {}>Save</button></form>'
TOAST = '<div data-toast class="toast">{}<button type="button" data-dismiss hidden>Close</button></div>'


@dataclass
class Site:
    """Answers every request of a page: bundled files, its own pages, and what it notes of forms."""

    page: Page
    pages: dict[str, str] = field(default_factory=dict)
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    down: bool = False
    silent: bool = False

    def show(self, body: str, toasts: str = "") -> Page:
        """Open a staff page with this body."""
        self.pages["/"] = (
            f'{body}<main id="main" tabindex="-1"></main><div id="toasts" role="status">{toasts}</div>'
        )
        self.page.goto(f"{ADDRESS}/")
        return self.page

    def answer(self, route: Route, request: Request) -> None:
        """The server, or nobody where it is `down`."""
        path = urlsplit(request.url).path
        if self.down:
            route.abort("connectionrefused")
        elif path.startswith("/static/"):
            route.fulfill(path=DIST / path.removeprefix("/static/"), headers=HEADERS)
        elif request.method == "POST":
            self.forms.append((path, dict(parse_qsl(request.post_data or "", keep_blank_values=True))))
            if not self.silent:
                route.fulfill(headers=HEADERS, content_type="text/html", body="Thank you")
            elif request.is_navigation_request():
                # The page stays; one that waits for the next could not be looked at.
                route.fulfill(status=204)
        else:
            route.fulfill(headers=HEADERS, content_type="text/html", body=_page(self.pages.get(path, "")))


def _page(body: str) -> str:
    scripts = "".join(
        f'<script type="module" src="/static/{name}"></script>' for name in ("app.js", "editor.js")
    )
    style = '<link rel="stylesheet" href="/static/app.css"><link rel="icon" href="data:,">'
    return f'<!doctype html><title>Page</title>{style}{scripts}<body data-csrf="x">{body}'


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    """A site that complains in the end where the browser did."""
    page = browser.new_page()
    page.set_default_timeout(5000)
    site = Site(page)
    page.on(
        "console", lambda message: site.complaints.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: site.complaints.append(str(error)))
    page.route("**/*", site.answer)
    yield site
    page.close()
    # These two are what the browser and htmx say of a server that is down.
    expected = ("Failed to load resource: net::ERR_CONNECTION_REFUSED", "htmx:")
    assert [text for text in site.complaints if not text.startswith(expected)] == []


def test_a_page_without_any_of_the_attributes_loads_in_peace(site: Site) -> None:
    site.pages["/plain"] = "<p>Hello</p>"
    site.page.goto(f"{ADDRESS}/plain")
    assert site.page.evaluate("document.styleSheets.length") == 1


def test_single_keys_work_except_where_somebody_types_or_switched_them_off(site: Site) -> None:
    page = site.show(
        '<a href="/new" data-shortcut="l">Log a session</a><button data-shortcuts hidden>Keys</button>'
        '<label>Find a client <input type="search" data-shortcut="/"></label>'
    )
    page.keyboard.press("/")
    page.keyboard.type("l/?")
    assert page.get_by_role("searchbox").input_value() == "l/?"
    page.locator("main").focus()
    page.keyboard.press("?")
    assert page.get_by_role("dialog").locator("dd").all_inner_texts() == [
        "Log a session",
        "Find a client",
        "This list",
    ]
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("l")
    page.wait_for_url("**/new")


def test_a_list_of_matches_is_walked_by_arrows_and_enter_opens_the_first(site: Site) -> None:
    site.pages["/maya"] = site.pages["/max"] = "<p>Here</p>"
    links = '<ul><li><a href="/maya">Maya</a></li><li><a href="/max">Max</a></li></ul>'
    search = '<input type="search" value="ma" autofocus data-pick="found">'
    page = site.show(f'<form>{search}<div id="found">{links}</div></form>')
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="Maya")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/maya")


def test_letters_typed_before_the_page_can_listen_are_searched_for_all_the_same(site: Site) -> None:
    early = "document.addEventListener('DOMContentLoaded', () => { document.forms[0].words.value = 'max' })"
    site.page.add_init_script(early)
    asks = 'name="words" hx-post="/found" hx-trigger="input changed delay:200ms, filled" hx-target="#found"'
    page = site.show(f'<form><input type="search" data-pick="found" {asks}><div id="found"></div></form>')
    expect(page.locator("#found")).to_have_text("Thank you")
    assert site.forms == [("/found", {"words": "max"})]


@pytest.mark.parametrize("by", ['hx-post="/save"', 'data-keep="words"', ""])
def test_a_form_that_asks_is_sent_once_and_only_after_a_yes(site: Site, by: str) -> None:
    page = site.show(FORM.format(f'data-confirm="All stop." data-confirm-yes="Stop them" {by}', ""))
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("dialog").locator("p").first.inner_text() == "All stop."
    page.get_by_role("button", name="Cancel").click()
    assert site.forms == []
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Stop them").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    assert site.forms == [("/save", {"words": "a"})]


@pytest.mark.parametrize("by", ['hx-post="/save"', ""])
def test_a_form_on_its_way_says_so_and_is_not_sent_twice(site: Site, by: str) -> None:
    site.page.clock.install()
    site.silent = True
    page = site.show(FORM.format(by, 'data-busy="Saving"'))
    page.get_by_role("button", name="Save").click()
    button = page.get_by_role("button", name="Saving")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.dispatch_event("click")
    page.clock.run_for(11_000)
    page.get_by_role("button", name="Stop waiting").click()
    expect(page.get_by_role("button", name="Save")).not_to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Still working")).to_have_count(0)
    assert len(site.forms) == 1


@pytest.mark.parametrize("by", ['hx-post="/save"', ""])
def test_what_was_typed_survives_a_lost_server_and_goes_once_it_has_arrived(site: Site, by: str) -> None:
    form = FORM.format(f'data-keep="note" {by}', "").replace(
        "<button", '<input type="password" name="p"><button'
    )
    page = site.show(form)
    page.locator("[name=words]").fill("a long note")
    page.locator("[name=p]").fill("secret")
    site.down = True
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Can't reach the server. Your text is kept on this device.")).to_be_visible()
    site.down = False
    page.reload()
    expect(page.get_by_text("What you had typed here is back.")).to_be_visible()
    assert page.locator("[name=words]").input_value() == "a long note"
    assert page.locator("[name=p]").input_value() == ""
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    site.show(form, TOAST.format("Saved.").replace('"toast"', '"toast good"'))
    assert page.locator("[name=words]").input_value() == "a"


def test_undo_counts_down_and_is_gone_in_the_end(site: Site) -> None:
    site.page.clock.install()
    undo = '<form method="post" action="/undo"><button>Undo<span data-countdown></span></button></form>'
    page = site.show("", TOAST.format(undo).replace("data-toast", 'data-toast data-seconds="60"'))
    page.clock.run_for(20_000)
    assert page.get_by_role("button", name="Undo").inner_text() == "Undo (40)"
    page.clock.run_for(41_000)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-toast]")).to_have_count(0)


def test_dragging_an_item_sends_where_it_went(site: Site) -> None:
    items = "".join(f'<li data-item="{key}"><span data-handle>Move {key}</span></li>' for key in "abc")
    move = '<form id="move" method="post" action="/move"><input name="item"><input name="position"></form>'
    page = site.show(f'<ol data-sortable="move">{items}</ol>{move}')
    page.get_by_text("Move a").drag_to(page.get_by_text("Move c"), target_position={"x": 5, "y": 18})
    expect(page.get_by_text("Thank you")).to_be_visible()
    assert site.forms == [("/move", {"item": "a", "position": "2"})]


def test_a_merge_field_goes_to_the_caret_with_words_in_its_place(site: Site) -> None:
    fields = (
        '<button type="button" data-field="first_name" data-fallback="there">First name</button>'
        '<button type="button" data-field="clinic.name">Clinic</button>'
    )
    page = site.show(f'<form><textarea data-merge name="words">Hello, </textarea>{fields}</form>')
    page.locator("textarea").click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="First name").click()
    page.get_by_label("Words in its place").fill("my {friend}")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("textarea")).to_have_value("Hello, {{ first_name | my friend }}")
    page.get_by_role("button", name="Clinic").click()
    expect(page.locator("textarea")).to_have_value("Hello, {{ first_name | my friend }}{{ clinic.name }}")


def test_the_preview_follows_what_is_typed_and_saves_nothing(site: Site) -> None:
    form = FORM.format('data-preview-url="/preview" data-preview-frame="preview"', "")
    page = site.show(f'{form}<iframe name="preview" sandbox title="Preview"></iframe>')
    page.locator("[name=words]").fill("Dear all")
    expect(page.frame_locator("iframe").get_by_text("Thank you")).to_be_visible()
    assert site.forms == [("/preview", {"words": "Dear all"})]


def test_tabs_move_by_arrow_keys_and_load_frames_when_first_shown(site: Site) -> None:
    tabs = '<div data-tabs><a href="/?a" data-tab="a">HTML</a> <a href="/?b" data-tab="b">Dark</a></div>'
    panels = '<div id="a">one</div><div id="b">two<iframe data-src="/late" title="Dark"></iframe></div>'
    site.pages["/late"] = "<p>Late</p>"
    page = site.show(tabs + panels)
    expect(page.get_by_text("two")).to_be_hidden()
    assert len(page.frames) == 2
    page.get_by_role("tab", name="HTML").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Dark")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Dark")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Late")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("one")).to_be_visible()
