"""What logging a session answers is what the planner then plans."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from aftercare.clock import SteppedClock
from aftercare.flows import clients, sequences
from aftercare.flows.cards import LIGHTER
from aftercare.flows.sequences import read_folder
from aftercare.mail.paths import templates_root
from aftercare.store import dispatch, enrolments, sessions
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.one_database import database_url
from tests.web.visitor import Program

__all__ = ["database_url"]

Prepare = Callable[[World, str], None]


def nothing(world: World, maya: str) -> None:
    """She is new."""


def ran(days: float, outcome: str = "ordinary") -> Prepare:
    """She had a session so many days ago, and time passed since."""

    def prepare(world: World, maya: str) -> None:
        start = world.app.clock.now()
        world.log_session(maya, start, outcome)
        pass_time(world.app, start + timedelta(days=days))

    return prepare


def new_cards(world: World, maya: str) -> int:
    """How many more evening plans are left in which everything is new to her."""
    files = read_folder(templates_root() / "sequences" / "en" / "after-your-visit")
    had = {card for row in world.messages(maya) for card in row.cards.values()}
    decks = files.emails["evening-plan"].decks()
    return min(len(set(cards) - had) for deck, cards in decks.items() if not deck.endswith(LIGHTER))


def every_card_had(world: World, maya: str) -> None:
    """She came every second day, and there is no evening plan left that she has not had."""
    while new_cards(world, maya):
        ran(2)(world, maya)


def last_card_planned(world: World, maya: str) -> None:
    """As before, but the last one is not sent yet: a new run takes it over."""
    while new_cards(world, maya) > 1:
        ran(2)(world, maya)
    ran(0.05)(world, maya)


def held(world: World, maya: str) -> None:
    """Staff hold her."""
    with world.app.transaction() as db:
        clients.hold(db, world.clinic_id, maya, reason="", by="test", now=world.app.clock.now())


def paused(world: World, maya: str) -> None:
    """The sequence stands still."""
    with world.app.transaction() as db:
        now = world.app.clock.now()
        sequences.pause(db, world.clinic_id, "after-your-visit", by="test", now=now)


def claimed(world: World, maya: str) -> None:
    """A worker claimed an email of the earlier run and has not begun to send it."""
    ran(0.9)(world, maya)
    now = next(row.due_at for row in world.messages(maya) if row.state == "planned")
    assert isinstance(world.app.clock, SteppedClock)
    world.app.clock.set(now)
    with world.app.transaction() as db:
        later = now + timedelta(minutes=2)
        assert dispatch.claim(db, sender="main", now=now, fence="f", lease_until=later, limit=10)


@dataclass(frozen=True)
class Case:
    """What was before, the session, and what the preview must say of it."""

    before: Prepare
    session: dict[str, Any] = field(default_factory=dict)
    ago: timedelta = timedelta(0)
    note: str = "planned"
    ends: bool = False
    reasons: frozenset[str | None] = frozenset({None})


STRONG = {"outcome": "strong_feelings"}
NONE: frozenset[str | None] = frozenset()
CASES = {
    "ordinary": Case(nothing),
    "strong feelings": Case(nothing, STRONG),
    "first session": Case(nothing, {"first_session": True, "service": "massage"}),
    "restart at once": Case(ran(0.05), ends=True),
    "restart": Case(ran(1), ends=True),
    "strong after ordinary": Case(ran(1), STRONG, ends=True),
    "ordinary after strong": Case(ran(1, "strong_feelings"), note="tender_run_active", reasons=NONE),
    "strong again": Case(ran(1, "strong_feelings"), STRONG, note="already_running", reasons=NONE),
    "regular": Case(ran(20)),
    "regular who has had it all": Case(every_card_had, reasons=frozenset({"nothing_new"})),
    "regular whose last card is planned": Case(last_card_planned, ends=True),
    "no aftercare": Case(nothing, {"outcome": "no_aftercare"}, note="no_aftercare", reasons=NONE),
    "late log": Case(nothing, ago=timedelta(days=3, hours=2)),
    "held": Case(held, reasons=frozenset({"held"})),
    "paused": Case(paused, reasons=frozenset({"sequence_paused"})),
    "claimed": Case(claimed, ago=timedelta(hours=4), ends=True),
}


def planned(world: World, maya: str, session_id: str) -> tuple[str | None, list[tuple[Any, ...]]]:
    """What stands in the tables after the task ran: the session's note, and its run's messages."""
    with world.app.reading() as db:
        note = sessions.get(db, world.clinic_id, session_id).plan_note
        runs = {run.id for run in enrolments.of_session(db, session_id)}
    rows = [row for row in world.messages(maya) if row.enrolment_id in runs]
    return note, sorted((row.step_key, row.planned_for, row.state, row.reason) for row in rows)


def active_runs(world: World, maya: str) -> dict[str, str]:
    """Her runs that have not ended, with the slugs of their sequences."""
    with world.app.reading() as db:
        return {run.id: sequence.slug for run, sequence, _ in enrolments.active(db, maya)}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_preview_is_what_schedule_followups_then_plans(
    world: World, program: Program, case: Case
) -> None:
    maya = world.add_client(timezone="America/New_York")
    case.before(world, maya)
    ended_at = world.app.clock.now() - case.ago
    body = {"client_id": maya, "ended_at": ended_at.isoformat(), "outcome": "ordinary"} | case.session
    runs = active_runs(world, maya)
    answer = program.post("/sessions", json=body).json()
    plan = answer["plan"]
    world.app.drain()
    previewed = sorted(
        (row["step"], datetime.fromisoformat(row["planned_for"]), row["state"], row["reason"])
        for row in plan["messages"]
    )
    assert (plan["note"], previewed) == planned(world, maya, answer["id"])
    assert (plan["note"], plan["starts"]) == (case.note, case.note == "planned")
    assert {reason for *_, reason in previewed} == case.reasons
    ended = runs.keys() - active_runs(world, maya).keys()
    assert {run["enrolment"]: run["sequence"] for run in plan["ends"]} == {key: runs[key] for key in ended}
    assert bool(ended) == case.ends


def test_without_consent_nothing_is_announced_and_nothing_planned(world: World, program: Program) -> None:
    nora = world.add_client("nora@example.com", topics=())
    body = {"client_id": nora, "ended_at": MONDAY_14.isoformat(), "outcome": "ordinary"}
    plan = program.post("/sessions", json=body).json()["plan"]
    assert plan == {"starts": False, "note": "no_consent", "sequence": None, "messages": [], "ends": []}
    world.app.drain()
    assert world.messages(nora) == []
