"""A real clinic whose database or address is mistaken for a sandbox's: nothing of it is lost or opened."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from aftercare.errors import Conflict
from aftercare.flows import sandbox
from aftercare.flows.tools import Tools
from aftercare.testing.tables import table_hash
from tests.factories import World, make_world
from tests.web.staff.colleague import colleague
from tests.web.visitor import web_of

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LOCAL, ELSEWHERE = ("127.0.0.1", 50000), ("203.0.113.7", 50000)


@pytest.fixture
def real(database_url: str, tmp_path: Path) -> World:
    """A real clinic, with an owner and a client, under `AFTERCARE_SANDBOX=1`."""
    made = make_world(database_url, tmp_path, MONDAY)
    made.add_client()
    colleague(made)
    made.app.settings = made.app.settings.model_copy(update={"sandbox": True})
    return made


def travels(tools: Tools) -> None:
    with tools.transaction() as db:
        sandbox.set_out(db, MONDAY + timedelta(days=1), unshifted=MONDAY)


@pytest.mark.parametrize("act", [sandbox.open_sandbox, sandbox.furnish, sandbox.reset, travels])
def test_a_real_clinic_is_neither_wiped_nor_sent_travelling(
    real: World, act: Callable[[Tools], None]
) -> None:
    before = table_hash(real.app.engine)
    with pytest.raises(Conflict, match="real clinic"):
        act(real.app)
    assert table_hash(real.app.engine) == before


def ask_to_sign_in(world: World, host: str, peer: tuple[str, int]) -> int:
    async def once() -> int:
        transport = httpx.ASGITransport(web_of(world), client=peer)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return (await client.get("/login")).status_code

    return asyncio.run(once())


def test_a_real_clinic_signs_nobody_in_by_itself(real: World) -> None:
    assert ask_to_sign_in(real, "localhost", LOCAL) == 200


@pytest.mark.parametrize(
    ("host", "peer", "status"),
    [("localhost", LOCAL, 303), ("clinic.test", LOCAL, 200), ("localhost", ELSEWHERE, 200)],
)
def test_a_sandbox_signs_in_only_whoever_sits_at_this_computer(
    world: World, host: str, peer: tuple[str, int], status: int
) -> None:
    assert ask_to_sign_in(world, host, peer) == status
