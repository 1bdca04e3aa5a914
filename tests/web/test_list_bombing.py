"""List bombing: programs type strangers' addresses into the form, from many networks and in many spellings
(Spamhaus 2016: nine addresses, nine thousand forms each)."""

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice
from statistics import median

import httpx
import pytest

from aftercare.domain.signups import PER_NETWORK
from aftercare.flows import signup_mail
from tests.factories import World
from tests.web.signing_up import PAGE, later, link_in, mailbox, opened, sign_up, stored
from tests.web.visitor import Visitor, web_of

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
VICTIMS = tuple(f"victim-{number}@bücher.example.com" for number in range(9))
AT_ONCE = 8


def spellings(victim: str) -> tuple[str, ...]:
    """Ways to write one mailbox."""
    local, _, domain = victim.partition("@")
    ascii_domain = domain.encode("idna").decode()
    return (
        victim,
        victim.upper(),
        f" {victim} ",
        f"{local}@{ascii_domain}",
        f"{local.title()}@{ascii_domain.upper()}",
        f"{local}+offer@{domain}",
        f"{local}+{domain.partition('.')[2]}@{ascii_domain}",
    )


def forms(count: int) -> Iterator[tuple[str, str]]:
    """So many forms: an address, and the network that it comes from; no network sends more than it may."""
    typed = cycle(zip(*(spellings(victim) for victim in VICTIMS), strict=True))
    addresses = (address for row in typed for address in row)
    for number, address in enumerate(islice(addresses, count)):
        network = number // (PER_NETWORK - 5)
        yield address, f"198.51.{network // 250}.{network % 250}"


def bombard(world: World, count: int) -> Counter[tuple[int, int]]:
    """Send them, many at once, while a worker does its rounds; how often which status and length came."""

    async def storm() -> Counter[tuple[int, int]]:
        gate, waiting = asyncio.Semaphore(AT_ONCE), list(forms(count))

        async def one(address: str, network: str) -> tuple[int, int]:
            form = httpx.Request("POST", f"http://clinic.test{PAGE}", data={"email": address})
            async with gate:
                transport = httpx.ASGITransport(web_of(world), client=(network, 1))
                answer = await transport.handle_async_request(form)
                return answer.status_code, len(await answer.aread())

        found: Counter[tuple[int, int]] = Counter()
        for begin in range(0, count, 500):
            found.update(await asyncio.gather(*(one(*form) for form in waiting[begin : begin + 500])))
            await asyncio.to_thread(world.app.sweep)
        return found

    return asyncio.run(storm())


def received(world: World) -> Counter[str]:
    """How many emails each victim's mailbox has got, whatever the spelling."""
    files = (world.app.settings.data_dir / "outbox").rglob("*.eml")
    sent_to = (
        re.search(rb"^To: (victim-\d)", path.read_bytes(), re.MULTILINE | re.IGNORECASE) for path in files
    )
    return Counter(found[1].decode().lower() for found in sent_to if found)


def assert_harmless(world: World, count: int) -> None:
    """On each of five days nobody gets more than one email, and nobody more than three in all."""
    for day in range(5):
        later(world, timedelta(days=day, minutes=day))
        answers = bombard(world, count // 5)
        assert {status for status, _ in answers} == {200}
        assert len(answers) == 1
        assert received(world) == {one.partition("@")[0]: min(day + 1, 3) for one in VICTIMS}


@pytest.mark.timeout(300)
def test_a_thousand_forms_bring_nine_mailboxes_one_email_a_day(world: World) -> None:
    opened(world)
    assert_harmless(world, 1_000 if "sqlite" in world.app.settings.database else 200)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_ten_thousand_forms_bring_nine_mailboxes_one_email_a_day(world: World) -> None:
    opened(world)
    assert_harmless(world, 10_000)


def test_workers_that_look_at_the_same_moment_send_once(world: World, visitor: Visitor) -> None:
    opened(world)
    for address in ("nina@example.com", "nina+a@example.com", "nina+b@example.com", "ravi@example.com"):
        sign_up(visitor, address)
    start = threading.Barrier(4)

    def look() -> None:
        start.wait()
        signup_mail.confirm_waiting(world.app)

    workers = [threading.Thread(target=look) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(row.confirmations for row in stored(world)) == 2
    assert not any(row.waits for row in stored(world))
    world.app.sweep()
    sent = [mailbox(world, f"{name}@example.com") for name in ("nina", "nina+a", "nina+b", "ravi")]
    assert sum(map(len, sent)) == 2
    assert len(sent[-1]) == 1


def test_one_network_gets_no_further_than_its_share(world: World, visitor: Visitor) -> None:
    opened(world)
    answers = {sign_up(visitor, f"{number}@example.com").status_code for number in range(PER_NETWORK + 9)}
    assert answers == {200}
    assert len(stored(world)) == PER_NETWORK


def test_a_yes_lets_her_sign_up_again_one_day(world: World, visitor: Visitor) -> None:
    """Three times without a yes, and that is all; with one the count begins anew."""
    opened(world)
    for day in range(4):
        later(world, timedelta(days=2 * day))
        sign_up(visitor, "nina@example.com")
        world.app.sweep()
    texts = mailbox(world, "nina@example.com")
    assert len(texts) == 3
    assert len({link_in(world, text) for text in texts}) == 1
    visitor.post(link_in(world, texts[0]), data={"answer": "yes"})
    assert [row.confirmations for row in stored(world)] == [0]


@ONE_IS_ENOUGH
def test_the_time_of_the_answer_does_not_say_whom_we_know(world: World, visitor: Visitor) -> None:
    """Both are the same statements; medians of interleaved pairs, so that a busy machine hits both alike."""
    opened(world)
    world.add_client("known@example.com", topics=("newsletter",))
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for _ in range(60):
        for who, taken in times.items():
            begin = time.perf_counter()
            sign_up(visitor, f"{who}@example.com")
            taken.append(time.perf_counter() - begin)
    first, second = (median(taken[10:]) for taken in times.values())
    assert abs(first - second) < max(0.3 * max(first, second), 0.002)
