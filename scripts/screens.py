"""Every screen that staff and clients can see: which page, who looks, and what was done there before.

`make pictures` shoots them; a browser test looks at each and knows when a page is missing here."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, expect

Step = tuple[str, ...]
"""A method of a locator, the locator, and what the method takes; or `see`, which waits for a text."""


@dataclass(frozen=True)
class Screen:
    """`path`: with names of the world in braces. `status`: of the page that is seen in the end. `who`: a
    role, the owner of an empty clinic (`newcomer`), or `nobody`."""

    name: str
    path: str
    who: str = "owner"
    status: int = 200
    steps: tuple[Step, ...] = ()

    def open(self, page: Page, address: str, names: Mapping[str, str]) -> None:
        """Go there, and do what is to be done there."""
        page.goto(address + self.path.format(**names))
        for verb, where, *what in self.steps:
            if verb == "see":
                expect(page.get_by_text(where).first).to_be_visible()
            else:
                getattr(page.locator(where).first, verb)(*what)
        page.wait_for_load_state()  # of the page that a form led to; before, it has no styles yet


LOG, CLIENT, SEQUENCE = "/sessions/new?client=", "/clients/", "/sequences/{slug}"
STEP = SEQUENCE + "/steps/{step}"
STARTS = "Save and start aftercare"
SIGN_UP, PUBLIC = "/newsletters/sign-up", "/n/{newsletter}"
UNCHECKED = ("evaluate", "body", "() => [...document.forms].forEach(form => form.noValidate = true)")
"""The browser would not send what is incomplete; old ones do."""
UNFOLDED = ("evaluate", ".sandbox-bar .further", "one => { one.closest('.fold').open = one.open = true; }")
"""On a phone the buttons that move the clock are folded away."""


def _fill(name: str, words: str) -> Step:
    return ("fill", f"main [name={name}]", words)


def _press(button: str) -> Step:
    return ("click", f"main button:has-text('{button}')")


def _plan(client: str, outcome: str, then: str) -> tuple[str, tuple[Step, ...]]:
    """The path and the steps of a session whose outcome is chosen."""
    return LOG + client, (("check", f"[name=outcome][value={outcome}]"), ("see", then))


def _incomplete(path: str, *steps: Step) -> tuple[str, str, int, tuple[Step, ...]]:
    """A form that is sent as it cannot be taken."""
    return path, "owner", 422, (UNCHECKED, *steps, ("wait_for", "[role=alert]"))


_LOGGING = {
    "log-plan": _plan("{olivia}", "ordinary", STARTS),
    "log-plan-elsewhere": _plan("{grace}", "strong_feelings", "gives way"),
    "log-plan-gentler": _plan("{hannah}", "ordinary", "goes on, with"),
    "log-plan-paused": _plan("{lucas}", "strong_feelings", "are paused until"),
    "log-plan-long-name": _plan("{long}", "ordinary", STARTS),
    "log-no-consent": _plan("{tom}", "ordinary", "Save without emails"),
    "log-did-not-happen": _plan("{maya}", "did_not_happen", "No emails follow"),
}
_INCOMPLETE = {
    "log-incomplete": _incomplete(
        LOG + "{nameless}",
        ("check", "[name=outcome][value=no_aftercare]"),
        ("see", "No emails follow"),
        _fill("ended_at", ""),
        ("blur", "#ended_at"),
        ("wait_for", "#plan .error"),
        _press("Save"),
    ),
    "add-client-incomplete": _incomplete(
        "/clients/new", _fill("email", "ann@@example.com"), _press("Add client")
    ),
    "add-client-known": _incomplete(
        "/clients/new",
        _fill("email", "maya.ellis@example.com"),
        ("check", "[name=consent][value=later]"),
        _press("Add client"),
    ),
    "consent-incomplete": _incomplete(CLIENT + "{tom}/consent", _press("Record")),
    "resource-incomplete": _incomplete(
        "/resources/new",
        _fill("title", "A place to call"),
        _fill("url", "http://help.example.org"),
        _press("Add entry"),
    ),
    "hold-incomplete": _incomplete(
        CLIENT + "{maya}/hold",
        ("evaluate", "[name=reason]", "one => one.value = ''"),
        _press("Put on hold"),
    ),
    "appointment-incomplete": _incomplete(
        "/appointments/new?client={grace}", _fill("starts_at", "2026-11-02T10:00"), _press("Book it")
    ),
    "import-no-file": _incomplete("/clients/import", _press("Look at the file")),
    "import-column-twice": _incomplete(
        "/clients/import/{file}", ("select_option", "#first_name", "Email"), _press("Check again")
    ),
    "wait-incomplete": _incomplete(
        SEQUENCE,
        ("click", "#step-short-walk summary >> nth=0"),
        ("fill", "#amount-short-walk", "many"),
        ("click", "#step-short-walk button:has-text('Save in the draft')"),
    ),
    "settings-incomplete": _incomplete("/settings", _fill("tue", "nine to five"), _press("Save the times")),
    "email-incomplete": _incomplete(STEP, _fill("subject", ""), _press("Save draft")),
}

SCREENS = (
    Screen("login", "/login?form=1", "nobody"),
    Screen(
        "login-refused",
        "/login?form=1",
        "nobody",
        401,
        (_fill("email", "robin@willowlane.example.com"), _fill("password", "a guess"), _press("Sign in")),
    ),
    Screen("join", "/join/{invitation}", "nobody"),
    Screen(
        "join-too-short",
        "/join/{invitation}",
        "nobody",
        422,
        (UNCHECKED, _fill("password", "short"), ("click", "main button")),
    ),
    Screen("join-again", "/join/0123456789abcdef0123456789abcdef", "nobody", 404),
    Screen("today", "/today"),
    Screen("today-empty", "/today", "newcomer"),
    Screen("today-viewer", "/today", "viewer"),
    Screen("sandbox-more", "/today", steps=(UNFOLDED,)),
    Screen("shortcuts", "/today", steps=(("press", "main", "?"), ("see", "Use these keys"))),
    Screen("log-who", "/sessions/new"),
    Screen("log-who-found", "/sessions/new", steps=(_fill("words", "ma"), ("see", "clients found"))),
    Screen("log-who-nobody", "/sessions/new", steps=(_fill("words", "xyz"), ("see", "Nobody of that"))),
    Screen("log-who-empty", "/sessions/new", "newcomer"),
    Screen("log", LOG + "{olivia}"),
    *(Screen(name, path, steps=steps) for name, (path, steps) in _LOGGING.items()),
    Screen("calendar", "/calendar"),
    Screen("calendar-empty", "/calendar", "newcomer"),
    Screen("calendar-past", "/calendar?start=2026-11-12"),
    Screen("calendar-waiting", "/calendar?show=waiting"),
    Screen("calendar-none-fits", "/calendar?start=2027-06-01&show=left-out"),
    Screen("clients", "/clients"),
    Screen("clients-empty", "/clients", "newcomer"),
    Screen("clients-filter", "/clients?only=stopped"),
    Screen("clients-found", "/clients", steps=(_fill("q", "a"), _press("Find"), ("see", "clients found"))),
    Screen(
        "clients-nobody", "/clients", steps=(_fill("q", "xyz"), _press("Find"), ("see", "Nobody of that"))
    ),
    Screen("add-client", "/clients/new"),
    Screen("client", CLIENT + "{maya}"),
    Screen("client-viewer", CLIENT + "{maya}", "viewer"),
    Screen("client-elsewhere", CLIENT + "{grace}"),
    Screen("client-stopped", CLIENT + "{priya}"),
    Screen("client-no-consent", CLIENT + "{tom}"),
    Screen("client-on-hold", CLIENT + "{hannah}"),
    Screen("client-paused", CLIENT + "{lucas}"),
    Screen("client-long-name", CLIENT + "{long}"),
    Screen("client-no-name", CLIENT + "{nameless}"),
    Screen("client-right-to-left", CLIENT + "{layla}"),
    Screen("client-new", CLIENT + "{olivia}"),
    Screen("edit-client", CLIENT + "{maya}/edit"),
    Screen("pause", CLIENT + "{maya}/pause"),
    Screen("pause-means", CLIENT + "{maya}/pause?until=2026-12-09"),
    Screen("hold", CLIENT + "{maya}/hold"),
    Screen("appointment-new", "/appointments/new?client={olivia}"),
    Screen("appointment", "/appointments/{appointment}"),
    Screen("appointment-asked", CLIENT + "{daniel}"),
    Screen("life", CLIENT + "{maya}/life"),
    Screen("whose-session", "/sessions/{session}/whose"),
    Screen("stop", CLIENT + "{maya}/stop"),
    Screen("start", CLIENT + "{maya}/start"),
    Screen("start-plan", CLIENT + "{maya}/start?sequence=after-a-tender-visit"),
    Screen("start-no-consent", CLIENT + "{tom}/start?sequence={slug}"),
    Screen("consent", CLIENT + "{tom}/consent"),
    Screen("consent-stopped", CLIENT + "{priya}/consent"),
    Screen("proof", CLIENT + "{email_of}/emails/{email}/proof"),
    Screen("on-paper", CLIENT + "{priya}/runs/{stopped_run}/guidance"),
    Screen("import", "/clients/import"),
    Screen("import-empty", "/clients/import", "newcomer"),
    Screen("import-check", "/clients/import/{file}"),
    Screen("import-questions", "/clients/import/{silent_file}"),
    Screen("import-done", "/clients/import/{old_file}"),
    Screen("alerts", "/alerts"),
    Screen("alerts-viewer", "/alerts", "viewer"),
    Screen("alerts-empty", "/alerts", "newcomer"),
    Screen("client-call", CLIENT + "{jack}"),
    Screen("settings", "/settings"),
    Screen("inbox", "/inbox"),
    Screen("inbox-empty", "/inbox", "newcomer"),
    Screen("inbox-none-fits", "/inbox", steps=(_fill("q", "xyz"), _press("Show"), ("see", "No email fits"))),
    *(
        Screen(f"inbox-{view}", "/inbox/{email}?view=" + view)
        for view in ("html", "dark", "phone", "text", "source")
    ),
    Screen("sequences", "/sequences"),
    Screen("sequences-empty", "/sequences", "newcomer"),
    Screen("sequences-viewer", "/sequences", "viewer"),
    Screen("sequence-draft", SEQUENCE),
    Screen("sequence-wait", SEQUENCE, steps=(("click", "#step-short-walk summary"),)),
    Screen("sequence-new-email", SEQUENCE, steps=(("click", "#step-short-walk summary >> nth=1"),)),
    Screen("sequence-live", SEQUENCE + "?live=true"),
    Screen("sequence-discard", SEQUENCE, steps=(_press("Discard draft"), ("see", "Discard the draft?"))),
    Screen("newsletters", "/newsletters"),
    Screen("newsletters-viewer", "/newsletters", "viewer"),
    Screen("newsletters-newcomer", "/newsletters", "newcomer"),
    Screen("newsletter-draft", "/newsletters/{issue_draft}"),
    Screen("newsletter-review", "/newsletters/{issue_draft}/review?language=en&finished=after-your-visit"),
    Screen("newsletter-review-wrong", "/newsletters/{issue_draft}/review?country=Nowhere", status=422),
    Screen("newsletter-scheduled", "/newsletters/{issue_scheduled}"),
    Screen("newsletter-paused", "/newsletters/{issue_paused}", "editor"),
    Screen("newsletter-cancelled", "/newsletters/{issue_cancelled}", "viewer"),
    Screen("newsletter-sign-up", SIGN_UP),
    Screen("newsletter-sign-up-viewer", SIGN_UP, "viewer"),
    Screen("newsletter-sign-up-newcomer", SIGN_UP, "newcomer"),
    Screen("newsletter-sign-up-wrong", SIGN_UP, "owner", 422, (_fill("wording_es", "Vale."), _press("Save"))),
    Screen("public-sign-up", PUBLIC, "nobody"),
    Screen("public-sign-up-es", PUBLIC + "?lang=es", "nobody"),
    Screen("public-sign-up-wrong", PUBLIC, "nobody", 422, (_fill("email", "nina"), ("click", "main button"))),
    Screen(
        "public-signed-up",
        PUBLIC,
        "nobody",
        steps=(_fill("email", "zoe@example.com"), ("click", "main button"), ("see", "Please look in")),
    ),
    Screen("public-archive", PUBLIC + "/archive", "nobody"),
    Screen("public-archive-issue", PUBLIC + "/archive/{issue_sent}", "nobody"),
    Screen("public-confirm", "/c/{signed_up}", "nobody"),
    Screen(
        "public-confirmed", "/c/{signed_up}", "nobody", steps=(_press("Yes, send me"), ("see", "Thank you"))
    ),
    Screen("public-confirmed-again", "/c/{signed_up}", "nobody"),
    Screen("resources", "/resources"),
    Screen("resources-viewer", "/resources", "viewer"),
    Screen("resource-new", "/resources/new"),
    Screen("resource", "/resources/{resource}"),
    Screen("email", STEP + "?live=true"),
    Screen("email-editor", STEP),
    Screen("publish", SEQUENCE + "/publish"),
    Screen("versions", SEQUENCE + "/versions"),
    *(Screen(name, *what) for name, what in _INCOMPLETE.items()),
    Screen("trouble-not-allowed", "/sessions/new", "viewer", 403),
    Screen("trouble-unusable", "/calendar?start=soon", status=422),
    Screen("trouble-not-there", CLIENT + "cli_aaaaaaaaaaaaaaaaaaaaaaaa", status=404),
    Screen("trouble-no-such-page", "/nowhere", status=404),
    Screen("public-stop", "/u/{leaves}", "nobody"),
    Screen("public-has-stopped", "/u/{has_left}", "nobody"),
    Screen("public-cut-link", "/u/AQEBAAAA", "nobody", 404),
    Screen("public-fresh-link", "/fresh-link", "nobody"),
    Screen(
        "public-no-address",
        "/fresh-link",
        "nobody",
        422,
        (UNCHECKED, _fill("email", "me@@mail"), _press("Send me"), ("see", "not one whole")),
    ),
    Screen(
        "public-link-sent",
        "/fresh-link",
        "nobody",
        steps=(_fill("email", "me@example.com"), _press("Send me"), ("see", "look at your mailbox")),
    ),
    Screen("public-settings", "/s/{chooses}", "nobody"),
    Screen("public-settings-none", "/s/{got_none}", "nobody"),
    Screen("public-consent", "/c/{is_asked}", "nobody"),
    Screen("public-has-agreed", "/c/{has_agreed}", "nobody"),
    Screen("public-check-in", "/k/{answers}", "nobody"),
    Screen("public-check-in-call", "/k/{wants_call}?a=3", "nobody"),
    Screen("public-guide", "/guides/slow-breathing", "nobody"),
    # What follows changes the world: at the end, in this order.
    Screen(
        "log-saved",
        LOG + "{olivia}",
        steps=(*_LOGGING["log-plan"][1], _press("Save and start"), ("see", "Undo")),
    ),
    Screen(
        "paused", CLIENT + "{maya}/pause?until=2026-12-09", steps=(_press("Pause until"), ("see", "Undo"))
    ),
    Screen(
        "import-undone",
        "/clients/import/{old_file}",
        steps=(
            _press("Undo import"),
            ("click", "dialog button:has-text('Take it back')"),
            ("see", "was taken back"),
        ),
    ),
    Screen(
        "sequence-paused",
        "/sequences",
        steps=(
            _press("Pause"),
            ("click", "dialog button.primary, dialog button.danger"),
            ("see", "Paused since"),
        ),
    ),
    Screen("today-needs-you", "/today"),
    Screen("alert-taken-on", "/alerts", steps=(_press("I will ring"), ("see", "It is yours"))),
    Screen("alert-spoken", "/alerts", steps=(_press("I have spoken"), ("see", "Recorded"))),
    Screen(
        "alert-released",
        "/alerts",
        steps=(
            _press("Release their emails"),
            ("click", "dialog button:has-text('Release')"),
            ("see", "Released"),
        ),
    ),
    Screen(
        "public-answered",
        "/k/{answers}?a=1",
        "nobody",
        steps=(_press("Send my answer"), ("see", "Thank you for telling us")),
    ),
    Screen(
        "public-will-ring",
        "/k/{answers}?a=3",
        "nobody",
        steps=(_press("Send my answer"), ("see", "We will ring you")),
    ),
    Screen("today-call", "/today", "viewer"),
    Screen(
        "client-died",
        CLIENT + "{nameless}/life",
        steps=(("check", "[value=died]"), _press("Record it"), ("see", "This client has died")),
    ),
    Screen("clients-died", "/clients"),
    Screen("published", SEQUENCE + "/publish", steps=(_press("Publish version"), ("see", "is live"))),
    Screen(
        "public-stopped",
        "/u/{leaves}",
        "nobody",
        steps=(("click", "button >> nth=0"), ("see", "have stopped")),
    ),
    Screen(
        "public-less-often",
        "/s/{chooses}",
        "nobody",
        steps=(_press("At most one email a week"), ("see", "Your wish is saved")),
    ),
    Screen(
        "public-paused",
        "/s/{chooses}",
        "nobody",
        steps=(_press("1 month"), ("see", "Your emails rest")),
    ),
    Screen("public-settings-paused", "/s/{chooses}", "nobody"),
    Screen(
        "public-said-no",
        "/c/{is_asked}",
        "nobody",
        steps=(_press("No, thank you"), ("see", "No emails will come")),
    ),
    Screen(
        "public-said-yes", "/c/{is_asked}", "nobody", steps=(_press("Yes, send me"), ("see", "Thank you"))
    ),
    Screen(
        "sandbox-travels",
        "/today",
        steps=(("evaluate", ".jumps [value=week]", "one => one.click()"), ("see", "Travelling to")),
    ),
)
