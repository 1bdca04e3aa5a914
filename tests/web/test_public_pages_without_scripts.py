"""Every page that clients and strangers see, in both languages, on a narrow phone without scripts, through
its buttons. What axe says of them in English, and by day, is asked of the screens of `scripts/screens.py`."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from scripts.browser import running
from scripts.watching import REFUSED, Watch, faults, look, sideways

from aftercare.flows import clients, consent_request
from aftercare.mail.tokens import Purpose
from aftercare.testing.inline import pass_time
from aftercare.testing.serving import served
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.signing_up import PAGE, link_in, mailbox, opened, sign_up
from tests.web.test_archive import sent
from tests.web.test_checkin_page import page as checkin
from tests.web.test_settings_page import page as settings
from tests.web.visitor import Visitor, link

NARROW, BY_NIGHT = 320, (320, "dark")
ADDRESS, NO_ADDRESS = "luz@example.com", "luz@@example"
REFUSING = ("cut short", "sign-up", "gone", "nowhere")
"""Where an answer of 404 or 422 is part of the walk."""
UNDO, SEND = "[action$='/undo'] button", "main form button"
WALKS = (
    ("settings", "[value=two-weeks]"),
    ("settings", "[value=resume]"),
    ("settings", "[value=weekly]", "#why-private", "[action$='/why'] button"),
    ("settings", "#topic-newsletter", "[value=topics]", UNDO),
    ("settings", "[value=stop]"),
    ("settings",),
    ("check-in", "#fine", SEND),
    ("check-in", "#wobbly", SEND),
    ("check-in", "#call", SEND, "a[href^='/k/']"),
    ("leaving", "[value=topic]", UNDO, "a[href^='/u/']", "[value=everything]"),
    ("leaving",),
    ("asked", "[value=no]", "a[href^='/c/']", "[value=yes]"),
    ("asked",),
    ("cut short", NO_ADDRESS, SEND, ADDRESS, SEND),
    ("fresh link",),
    ("sign-up", NO_ADDRESS, SEND, ADDRESS, SEND),
    ("confirm", "[value=yes]"),
    ("confirm",),
    ("refuse", "[value=no]"),
    ("archive", ".links a"),
    ("gone",),
    ("nowhere",),
)
"""Where each begins, and what is typed or pressed there. Every page on the way is looked at."""


@pytest.fixture
def paths(world: World, visitor: Visitor, maya: str, language: str) -> dict[str, str]:
    """Where the walks begin; everybody reads this language."""
    opened(world, shows_archive=True)
    sent(world, "issue-1")
    for name in ("zoe", "nina"):
        sign_up(visitor, f"{name}@example.com", language=language)
    ravi = world.add_client("ravi@example.com", topics=())
    ana = world.add_client("ana@example.com", topics=("aftercare", "newsletter"))
    with world.app.transaction() as db:
        for who in (maya, ravi, ana):
            clients.correct(db, world.clinic_id, who, language=language, by="sam", now=MONDAY_14)
        consent_request.ask(db, world.clinic_id, ravi, by="sam", now=MONDAY_14)
    pass_time(world.app, MONDAY_14 + timedelta(days=2))
    zoe, nina = (link_in(world, mailbox(world, f"{name}@example.com")[0]) for name in ("zoe", "nina"))
    return {
        "settings": settings(world, maya),
        "check-in": checkin(world, maya),
        "leaving": link(world, ana),
        "asked": link(world, ravi, purpose=Purpose.CONSENT).replace("/u/", "/c/"),
        "cut short": "/s/AQEBAAAA",
        "fresh link": "/fresh-link",
        "sign-up": f"{PAGE}?lang={language}",
        "confirm": zoe,
        "refuse": nina,
        "archive": f"{PAGE}/archive?lang={language}",
        "gone": "/v/AQEBAAAA",
        "nowhere": "/n/nobody",
    }


@pytest.fixture
def browser(chromium: str, paths: dict[str, str]) -> Iterator[Browser]:
    """A headless Chromium, once the world is there: both want an event loop."""
    with running(chromium) as browser:
        yield browser


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everybody_can_read_and_use_every_public_page(
    world: World, paths: dict[str, str], browser: Browser, language: str
) -> None:
    phone = browser.new_page(java_script_enabled=False, locale=language)
    look(phone, *BY_NIGHT)
    # Axe is a script itself, so it reads a copy of what the phone shows.
    copy = browser.new_page() if language == "es" else None
    found: dict[str, list[str]] = {}
    with served(world.app) as address:
        watch = Watch(phone, address)
        for number, (where, *steps) in enumerate(WALKS):
            phone.goto(address + paths[where])
            found[f"{number} {where}"] = _faults(watch, copy, language, where)
            for step in steps:
                if _leads_on(phone, step):
                    found[f"{number} {where} {step}"] = _faults(watch, copy, language, where)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _leads_on(phone: Page, step: str) -> bool:
    """Type, tick or press; whether another page follows."""
    if "@" in step:
        phone.evaluate("document.forms[0].noValidate = true")
        phone.fill("[type=email]", step)
    elif step.startswith("#"):
        phone.click(step)
    else:
        phone.locator(step).first.click()
        return True
    return False


def _faults(watch: Watch, copy: Page | None, language: str, where: str) -> list[str]:
    phone = watch.page
    # The browser speaks of a refusal when it likes, even on the next page.
    found = [one for one in watch.take() if not one.startswith(f"error: {REFUSED} 4")]
    if watch.status != 200 and where not in REFUSING:
        found.append(f"answered {watch.status}")
    if phone.locator("html").get_attribute("lang") != language:
        found.append(f"is not in {language}")
    # The style sheet was applied, so its nonce is the one that the policy names.
    if phone.evaluate("getComputedStyle(document.querySelector('main')).borderRadius") != "16px":
        found.append("is not painted")
    found += sideways(phone, NARROW)
    if copy:
        copy.set_content(phone.content())
        found += faults(copy, [BY_NIGHT])
    return found
