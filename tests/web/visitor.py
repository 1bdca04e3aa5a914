"""Requests to the web application without a server: each one is a new visitor with no past."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from aftercare.flows import clinics
from aftercare.mail.tokens import Purpose, sign
from aftercare.web.app import create_app
from tests.factories import World

_webs: list[FastAPI] = []
"""Built once: that takes longer than most requests, and each route prepares itself when first asked for."""


def web_of(world: World) -> FastAPI:
    """The web application of this world; it keeps nothing between two requests."""
    if not _webs:
        _webs.append(create_app(world.app))
    _webs[0].state.aftercare = world.app
    return _webs[0]


@dataclass
class Visitor:
    """Whoever has a link, or a token of the clinic."""

    world: World

    def send(self, method: str, path: str, **what: Any) -> httpx.Response:
        """One request and its answer; an error that escapes the application fails the test."""

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(web_of(self.world))
            async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
                return await client.request(method, path, **what)

        return asyncio.run(once())

    def get(self, path: str, **what: Any) -> httpx.Response:
        """GET."""
        return self.send("GET", path, **what)

    def post(self, path: str, **what: Any) -> httpx.Response:
        """POST."""
        return self.send("POST", path, **what)


@dataclass
class Program(Visitor):
    """A program that holds an API token."""

    token: str = ""

    def send(self, method: str, path: str, **what: Any) -> httpx.Response:
        """One authorised request below /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}"} | what.pop("headers", {})
        return super().send(method, f"/api/v1{path}", headers=headers, **what)


def program_of(world: World, clinic_id: str | None = None) -> Program:
    """A program with a new token of the world's clinic, or of another one."""
    with world.app.transaction() as db:
        now = world.app.clock.now()
        token = clinics.create_token(db, clinic_id or world.clinic_id, name="tests", by="test", now=now)
    return Program(world, token)


def link(
    world: World, client_id: str, topic: str = "aftercare", purpose: Purpose = Purpose.UNSUBSCRIBE
) -> str:
    """The path of a client's link."""
    client = world.client(client_id)
    return f"/u/{sign(world.app.token_keys, purpose, client_id, topic, client.token_epoch)}"
