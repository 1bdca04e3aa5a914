"""Signing in and out; nobody else's forms; guessers wait."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from aftercare.flows import clinics, logins, passwords
from aftercare.web.staff import csrf
from tests.factories import World
from tests.web.staff.colleague import BASE, Colleague, colleague

PASSWORD = "three warm blankets"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost of a guess is the library's own; here it would only be waited for."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def ruth(world: World) -> str:
    """The address of a therapist with a password."""
    now = world.app.clock.now()
    with world.app.transaction() as db:
        member = clinics.add_staff(
            db,
            world.clinic_id,
            first_name="Ruth",
            email="Ruth@Example.com",
            role="therapist",
            by="t",
            now=now,
        )
        member.password_hash = passwords.hashed(PASSWORD)
    return "ruth@example.com"


def sign_in(stranger: Colleague, email: str, password: str = PASSWORD, **more: str) -> int:
    form = {"email": email, "password": password, "next": "/clients", **more}
    return stranger.send("POST", "/login", data=form).status_code


def test_a_page_asks_a_stranger_to_sign_in_and_comes_back_to_it(stranger: Colleague, ruth: str) -> None:
    asked = stranger.get("/today")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/today")
    assert sign_in(stranger, ruth.upper()) == 303
    assert stranger.get("/today").status_code == 200


def test_a_login_that_ended_in_mid_form_leads_back_to_the_form(stranger: Colleague) -> None:
    form = f"{BASE}/sessions/new?client=cli_1"
    back = "/login?next=/sessions/new%3Fclient%3Dcli_1&again=true"
    plain = stranger.send("POST", "/sessions", data={"client_id": "cli_1"}, headers={"referer": form})
    assert (plain.status_code, plain.headers["location"]) == (303, back)
    htmx = {"hx-request": "true", "hx-current-url": form}
    part = stranger.send("POST", "/sessions/preview", data={"client_id": "cli_1"}, headers=htmx)
    assert (part.status_code, part.headers["hx-redirect"]) == (401, back)
    assert "What you typed is kept on this device." in stranger.get(back).text


@pytest.mark.parametrize(
    "page", ["https://evil.example/sessions/new", f"{BASE}//evil.example", "", "nonsense"]
)
def test_a_form_of_nowhere_leads_to_the_first_page_after_signing_in(stranger: Colleague, page: str) -> None:
    answer = stranger.send("POST", "/sessions", headers={"referer": page})
    assert answer.headers["location"] == "/login?next=/today&again=true"


def test_the_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(stranger: Colleague, ruth: str) -> None:
    answer = stranger.send("POST", "/login", data={"email": ruth, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-aftercare=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_signing_in_leads_to_no_other_site(stranger: Colleague, ruth: str, next_page: str) -> None:
    answer = stranger.send("POST", "/login", data={"email": ruth, "password": PASSWORD, "next": next_page})
    assert answer.headers["location"] == "/today"


def test_unknown_people_and_wrong_passwords_get_the_same_answer(stranger: Colleague, ruth: str) -> None:
    answers = [
        stranger.send("POST", "/login", data={"email": email, "password": "a wrong password"})
        for email in (ruth, "zoe@example.com")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text.replace(ruth, "") == answers[1].text.replace("zoe@example.com", "")


def test_a_guesser_has_to_wait_and_the_right_password_is_not_looked_at_meanwhile(
    stranger: Colleague, ruth: str
) -> None:
    answers = [sign_in(stranger, ruth, "a wrong password") for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert sign_in(stranger, ruth) == 429


def test_signing_out_ends_the_login_also_for_a_copied_cookie(owner: Colleague) -> None:
    copy = Colleague(owner.world, owner.token, owner.login_id, jar=dict(owner.jar))
    assert owner.post("/logout").status_code == 303
    assert copy.get("/today").status_code == 303


def test_a_login_ends_after_twelve_idle_hours_and_after_a_week(world: World) -> None:
    owner = colleague(world)
    now = world.app.clock.unshifted()
    with world.app.reading() as db:
        for later, there in ((timedelta(hours=11), True), (timedelta(hours=13), False)):
            assert (logins.of_token(db, owner.token, unshifted=now + later) is not None) == there


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_a_form_from_another_site_is_refused(owner: Colleague, headers: dict[str, str]) -> None:
    assert owner.post("/logout", headers=headers).status_code == 403


def test_a_form_without_the_token_of_this_login_is_refused(owner: Colleague, world: World) -> None:
    other = colleague(world, "editor")
    for token in ("", "x", csrf.token_for(world.app, other.login_id)):
        assert owner.post("/logout", {csrf.FIELD: token}).status_code == 403
    assert owner.get("/today").status_code == 200


def test_an_invitation_works_once_and_ends_older_logins(world: World, stranger: Colleague, ruth: str) -> None:
    now = world.app.clock.unshifted()
    old = Colleague(world)
    sign_in(old, ruth)
    with world.app.transaction() as db:
        token = logins.invite(db, world.clinic_id, _id_of(old), by="test", unshifted=now)
    page = stranger.get(f"/join/{token}")
    assert page.status_code == 200
    assert stranger.send("POST", f"/join/{token}", data={"password": "short"}).status_code == 422
    assert stranger.send("POST", f"/join/{token}", data={"password": "a lamp by the sea"}).status_code == 303
    assert stranger.get("/today").status_code == 200
    assert old.get("/today").status_code == 303
    assert Colleague(world).get(f"/join/{token}").status_code == 404
    assert sign_in(Colleague(world), ruth) == 401


def _id_of(who: Colleague) -> str:
    token = next(iter(who.jar.values()))
    with who.world.app.reading() as db:
        found = logins.of_token(db, token, unshifted=who.world.app.clock.unshifted())
    assert found is not None
    return found[1].id


def test_every_page_forbids_inline_code_and_foreign_hosts(owner: Colleague) -> None:
    page = owner.get("/today")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\sstyle=|\son[a-z]+=|https?://", page.text)
