"""Time travel in a sandbox: a jump sends what the plan showed, once, whoever else is at work or dies."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from aftercare.config import Settings
from aftercare.domain.outcomes import Outcome
from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows import dispatch, sweeping, travel
from aftercare.mail.senders.base import Outgoing
from aftercare.mail.senders.memory import MemorySender
from aftercare.store import messages, sandbox
from aftercare.store import settings as stored
from aftercare.testing.inline import InlineApp, inline_app, sandbox_app
from tests.factories import SECRET, World
from tests.journeys.harness import MONDAY_14, STRONG, only_clinic

DAY = timedelta(days=1)
MOMENTS = timedelta(seconds=30)
"""How long after its instant an email may leave on a busy computer."""


class Killed(BaseException):
    """The process ends here; nothing catches it."""


@dataclass
class DyingSender(MemorySender):
    """Its process is killed in the middle of the email after the first `lasts`."""

    lasts: int = 1000

    def send(self, batch: Sequence[Outgoing]) -> Iterator[tuple[str, Outcome]]:
        """As `Sender.send`."""
        for message in batch:
            if len(self.attempted) >= self.lasts:
                raise Killed
            yield from super().send([message])


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database_url, secret_key=SECRET, sandbox=True)


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """Four people in three zones whose sessions have just been logged, and whose first emails are planned."""
    app = sandbox_app(settings, MONDAY_14)
    found = World(app, *only_clinic(app))
    app.senders["main"] = MemorySender()
    for number, zone in enumerate(("Europe/London", "Asia/Kathmandu", "America/New_York")):
        found.log_session(found.add_client(f"client{number}@example.com", timezone=zone), MONDAY_14)
    found.log_session(found.add_client("strong@example.com"), MONDAY_14 - timedelta(hours=1), STRONG)
    travel.do_what_is_due(app)
    yield found
    app.close()


def clinic_of(app: InlineApp) -> str:
    return only_clinic(app)[0]


def plan(app: InlineApp, until: datetime) -> dict[str, datetime]:
    """Message id -> planned instant, of everything planned by `until`."""
    with app.reading() as db:
        rows = messages.page(db, clinic_of(app), start=MONDAY_14 - DAY, end=until)
        return {row.id: row.planned_for for row in rows if row.state == "planned"}


def arrivals(*apps: InlineApp) -> Counter[str]:
    """Message id -> how many copies the relay was given."""
    senders = [app.sender("main") for app in apps]
    return Counter(
        out.key for sender in senders if isinstance(sender, MemorySender) for out in sender.accepted
    )


def assert_sent_as_planned(app: InlineApp, shown: dict[str, datetime]) -> None:
    with app.reading() as db:
        rows = messages.page(db, clinic_of(app), start=MONDAY_14 - DAY, end=MONDAY_14 + 30 * DAY)
    fates = {row.id: (row.state, row.reason) for row in rows if row.id in shown}
    assert fates == dict.fromkeys(shown, ("sent", None))
    late = {row.id: row.sent_at - row.planned_for for row in rows if row.sent_at}
    assert all(timedelta(0) <= lateness < MOMENTS for lateness in late.values())


def test_a_jump_of_a_fortnight_sends_exactly_what_the_plan_showed(world: World) -> None:
    until = MONDAY_14 + 14 * DAY
    shown = plan(world.app, until)
    assert len(shown) == 3 * 5 + 6 - 1
    travel.travel(world.app, until)
    assert arrivals(world.app) == dict.fromkeys(shown, 1)
    assert_sent_as_planned(world.app, shown)
    assert timedelta(0) <= world.app.clock.now() - until < MOMENTS
    with world.app.reading() as db:
        assert travel.current(db) is None


def test_a_jump_to_the_next_email_sends_that_one(world: World) -> None:
    for count in (1, 2, 3):
        with world.app.reading() as db:
            due = travel.next_email(db, world.app.clock.now())
        travel.travel(world.app, due)
        assert arrivals(world.app).total() >= count
        assert timedelta(0) <= world.app.clock.now() - due < MOMENTS


def test_only_one_journey_at_a_time(world: World) -> None:
    app, until = world.app, MONDAY_14 + 2 * DAY
    shown = plan(app, until)
    with app.transaction() as db:
        journey = travel.start(db, until, unshifted=app.clock.unshifted())
    with pytest.raises(Conflict), app.transaction() as db:
        travel.start(db, until + DAY, unshifted=app.clock.unshifted())
    with ThreadPoolExecutor(3) as workers:
        for done in [workers.submit(travel.run, app) for _ in range(3)]:
            done.result()
    assert arrivals(app) == dict.fromkeys(shown, 1)
    assert_sent_as_planned(app, shown)
    with app.reading() as db:
        assert travel.sent_so_far(db, journey) == len(shown)


def test_beats_own_sweeps_beside_a_journey_make_nothing_late(world: World) -> None:
    app, until = world.app, MONDAY_14 + 3 * DAY
    shown = plan(app, until)

    def sweep_and_deliver() -> None:
        sweeping.sweep(app)
        dispatch.deliver(app, "main")

    with beside(sweep_and_deliver), beside(sweep_and_deliver):
        travel.travel(app, until)
    assert arrivals(app) == dict.fromkeys(shown, 1)
    assert_sent_as_planned(app, shown)


def test_a_journey_that_was_told_to_end_goes_on_later(world: World, settings: Settings) -> None:
    until = MONDAY_14 + 5 * DAY
    shown = plan(world.app, until)
    with world.app.transaction() as db:
        travel.start(db, until, unshifted=world.app.clock.unshifted())
    hops = iter([False] * 5)
    travel.run(world.app, stop=lambda: next(hops, True))
    assert 0 < arrivals(world.app).total() < len(shown)
    again = sandbox_app(settings)
    again.senders["main"] = MemorySender()
    assert travel.wake_up(again)
    travel.run(again)
    assert arrivals(world.app, again) == dict.fromkeys(shown, 1)
    assert_sent_as_planned(again, shown)
    again.close()


def test_a_kill_in_mid_send_repeats_at_most_that_email(world: World, settings: Settings) -> None:
    until = MONDAY_14 + 5 * DAY
    shown = plan(world.app, until)
    world.app.senders["main"] = DyingSender(lasts=6)
    with pytest.raises(Killed):
        travel.travel(world.app, until)
    again = sandbox_app(settings)
    again.senders["main"] = MemorySender()
    assert travel.wake_up(again)
    travel.run(again)
    assert arrivals(world.app, again) == dict.fromkeys(shown, 1)
    with again.reading() as db:
        assert messages.counts_by_state(db)["sent"] == len(shown)
    again.close()


def test_a_night_with_the_computer_off_makes_nothing_late(world: World, settings: Settings) -> None:
    app = world.app
    shown = plan(app, MONDAY_14 + 3 * DAY)
    with app.transaction() as db:
        # Three days ago by the real clock, when the sandbox showed what it shows now.
        stored.beat(db, app.clock.unshifted() - 3 * DAY, "sweep")
        sandbox.set_offset(db, sandbox.lock_offset(db) + 3 * DAY)
    assert travel.wake_up(app)
    assert abs(app.clock.now() - MONDAY_14) < MOMENTS
    travel.run(app)
    assert_sent_as_planned(app, shown)
    assert abs(app.clock.now() - (MONDAY_14 + 3 * DAY)) < MOMENTS


def test_a_sandbox_that_was_just_made_does_not_travel_when_it_starts(settings: Settings) -> None:
    app = sandbox_app(settings)
    assert not travel.wake_up(app)
    app.close()


def test_the_clock_waits_until_a_logged_session_is_planned(world: World) -> None:
    app, until = world.app, MONDAY_14 + 2 * DAY
    late_comer = world.add_client("late@example.com")
    with app.transaction() as db:
        travel.start(db, until, unshifted=app.clock.unshifted())
    world.log_session(late_comer, app.clock.now())
    travel.run(app)
    assert [row.state for row in world.messages(late_comer)][:2] == ["sent", "sent"]


def test_the_clock_only_goes_forwards_and_not_beyond_a_year(world: World) -> None:
    for until in (MONDAY_14 - DAY, MONDAY_14 + 400 * DAY):
        with pytest.raises(InvalidInput, match="until"):
            travel.travel(world.app, until)


def test_where_no_email_is_planned_there_is_no_next_one(settings: Settings) -> None:
    app = sandbox_app(settings, MONDAY_14)
    with pytest.raises(NotFound, match="Log a session"), app.reading() as db:
        travel.next_email(db, app.clock.now())
    app.close()


def test_nobody_travels_in_time_in_production(settings: Settings) -> None:
    app = inline_app(settings.model_copy(update={"sandbox": False}), MONDAY_14)
    for act in (lambda: travel.travel(app, MONDAY_14 + DAY), lambda: travel.run(app)):
        with pytest.raises(Conflict, match="Only a sandbox"):
            act()
    app.close()


@contextmanager
def beside(act: Callable[[], None]) -> Iterator[None]:
    """Another worker that does `act` over and over while the block lasts; its error fails the test."""
    finished = Event()

    def work() -> None:
        while not finished.wait(0.005):
            act()

    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(work)
        try:
            yield
        finally:
            finished.set()
        worker.result()
