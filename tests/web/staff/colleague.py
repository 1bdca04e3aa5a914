"""A member of staff with a browser: keeps cookies, and sends forms with the token of the page."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx

from aftercare.flows import clinics, logins
from aftercare.web.staff import cookies, csrf
from tests.factories import World
from tests.web.visitor import web_of

BASE = "https://clinic.test"
_numbers = itertools.count(1)


@dataclass
class Colleague:
    """Somebody who is signed in, or, without `token`, not yet."""

    world: World
    token: str = ""
    login_id: str = ""
    staff_id: str = ""
    jar: dict[str, str] = field(default_factory=dict)

    @property
    def csrf(self) -> str:
        """The token of the forms on this colleague's pages."""
        return csrf.token_for(self.world.app, self.login_id)

    def get(self, path: str, **what: Any) -> httpx.Response:
        """GET, without following a redirect."""
        return self.send("GET", path, **what)

    def post(self, path: str, data: dict[str, Any] | None = None, **what: Any) -> httpx.Response:
        """A form of one of our pages."""
        form = {csrf.FIELD: self.csrf} | (data or {})
        return self.send("POST", path, data=form, **what)

    def send(self, method: str, path: str, **what: Any) -> httpx.Response:
        """One request as it is."""

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(web_of(self.world))
            kept = httpx.Cookies()
            for name, value in self.jar.items():
                # With its host, so that what the answer sets or clears is this very cookie.
                kept.set(name, value, domain=BASE.removeprefix("https://"))
            async with httpx.AsyncClient(transport=transport, base_url=BASE, cookies=kept) as client:
                answer = await client.request(method, path, **what)
                self.jar = {one.name: one.value or "" for one in client.cookies.jar if not one.is_expired()}
                return answer

        return asyncio.run(once())


def colleague(world: World, role: str = "owner", clinic_id: str | None = None) -> Colleague:
    """A new member of staff of that role, signed in."""
    now, home = world.app.clock.unshifted(), clinic_id or world.clinic_id
    with world.app.transaction() as db:
        email = f"{role}-{next(_numbers)}@example.com"
        member = clinics.add_staff(db, home, first_name="Robin", email=email, role=role, by="test", now=now)
        token = logins.sign_in(db, member, None, unshifted=now)
        found = logins.of_token(db, token, unshifted=now)
        assert found is not None
        name = cookies.login_name(world.app.settings)
        return Colleague(world, token, found[0].id, member.id, {name: token})
