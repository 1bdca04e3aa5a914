"""Whatever happens in whatever order, the promises hold (reliability P2, P3, P7, P10, P11, P12)."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from aftercare.config import Settings
from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown
from aftercare.domain.states import FINAL
from aftercare.errors import Conflict
from aftercare.flows import (
    ambiguous,
    clients,
    consent,
    dispatch,
    enrolments,
    pausing,
    recording,
    replan,
    sequences,
    sessions,
)
from aftercare.flows.enrolments import CannotStart
from aftercare.models import Attempt, CareSession, Message
from aftercare.store import waiting
from aftercare.testing.inline import inline_app, pass_time
from aftercare.testing.smtp import RecordingServer
from tests.factories import SECRET, SLUGS
from tests.journeys.harness import Journey, assert_conserved, only_clinic
from tests.journeys.versions import change_or_remove, publish
from tests.journeys.visit_rules import START, VisitRules, which, who
from tests.journeys.watched import WatchedRelay

EXAMPLES = int(os.environ.get("EXAMPLES", "4"))
STEPS = int(os.environ.get("STEPS", "30"))
TOPICS = ("aftercare", "staying-in-touch")

ZONES = ("Europe/London", "Asia/Kathmandu", "America/New_York", "Pacific/Auckland")
ANSWERS: tuple[Outcome, ...] = (
    Accepted("watched"),
    Transient("smtp_450_4.2.0", Blame.RECIPIENT),
    Transient("dropped", Blame.CONNECTION),
    Permanent("smtp_550_5.7.1", Blame.SENDER),
    Unknown("kept"),
    Unknown("lost"),
)
DOUBTS = st.just([Unknown("kept"), Unknown("kept")])
outcome_of_visit = st.sampled_from(["ordinary", "strong_feelings"])


class AnyOrder(VisitRules):
    """Two clients, their clinic, workers that die, and staff who change their minds."""

    def __init__(self, database: Path, folder: Path) -> None:
        super().__init__()
        path = folder / "any.sqlite3"
        for old in folder.glob("any.sqlite3*"):
            old.unlink()
        shutil.copyfile(database, path)
        chosen = Settings(data_dir=folder, database_url=f"sqlite:///{path}", secret_key=SECRET)
        self.app = inline_app(chosen, START)
        self.relay = WatchedRelay(self.app)
        self.app.senders["main"] = self.relay
        self.world = Journey(self.app, *only_clinic(self.app), server=RecordingServer())
        self.clients = [
            self.world.add_client(f"client{number}@example.com", timezone=zone, topics=TOPICS)
            for number, zone in enumerate(ZONES[:2])
        ]
        self.sessions: list[str] = []
        self.appointments: list[str] = []
        self.publish_the_rest()
        self.dead: list[tuple[str, list[str]]] = []
        self.standing: set[int] = set()
        self.final: dict[str, str] = {}

    def teardown(self) -> None:
        if self.sessions:
            self._settle_everything()
        self.app.close()

    @initialize(outcomes=st.tuples(outcome_of_visit, outcome_of_visit))
    def begin_with_a_visit_each(self, outcomes: tuple[str, str]) -> None:
        for client, outcome in enumerate(outcomes):
            self.log(client, outcome, 0, broker_is_up=True)

    @rule(client=who, outcome=outcome_of_visit, hours=st.integers(-30, 130), broker_is_up=st.booleans())
    def log(self, client: int, outcome: str, hours: int, broker_is_up: bool) -> None:
        ended_at = self.app.clock.now() - timedelta(hours=hours)
        self.app.broker_is_up = broker_is_up
        self.sessions.append(self.world.log_session(self.clients[client], ended_at, outcome))
        self.app.broker_is_up = True
        self.app.drain()

    @rule(session=which)
    def cancel(self, session: int) -> None:
        self.staff(sessions.cancel_session, self._session(session))

    @rule(session=which, outcome=st.sampled_from(sessions.OUTCOMES), hours=st.integers(-30, 30))
    def correct(self, session: int, outcome: str, hours: int) -> None:
        session_id = self._session(session)
        with self.app.reading() as db:
            ended_at = db.get_one(CareSession, session_id).ended_at + timedelta(hours=hours)
        try:
            self.staff(sessions.correct_session, session_id, outcome=outcome, ended_at=ended_at)
        except Conflict:
            return
        self.app.submit("schedule_followups", session_id)
        self.app.drain()

    @rule(client=who, topic=st.sampled_from(["aftercare", "*"]), sleeps=st.integers(0, 30))
    def say_stop_and_take_it_back(self, client: int, topic: str, sleeps: int) -> None:
        with self.app.transaction() as db:
            consent.opt_out(db, self.clients[client], topic, source="page", now=self.app.clock.now())
        self.relay.stopped.add(self.clients[client])
        self.work_on(sleeps)
        if sleeps < 25:
            with self.app.transaction() as db:
                consent.undo_opt_out(db, self.clients[client], "aftercare", now=self.app.clock.now())
            self.relay.stopped.discard(self.clients[client])

    @rule(number=st.integers(0, 3))
    def stand_still_or_go_on(self, number: int) -> None:
        on = number in self.standing
        if number < 2:
            act, name = (clients.release if on else clients.hold), self.clients[number]
        else:
            act, name = (sequences.resume if on else sequences.pause), SLUGS[number - 2]
        self.staff(act, name, **({"reason": "asked"} if act is clients.hold else {}))
        self.standing ^= {number}

    @rule(client=who, days=st.integers(0, 6))
    def rest_or_go_on(self, client: int, days: int) -> None:
        until = self.app.clock.now().date() + timedelta(days=days + 2)
        act, facts = (pausing.pause, {"until": until}) if days else (pausing.resume, {})
        self.staff(act, self.clients[client], **facts)

    @rule(client=who, slug=st.sampled_from(SLUGS))
    def start_by_hand(self, client: int, slug: str) -> None:
        with suppress(CannotStart):
            self.staff(enrolments.start_by_hand, self.clients[client], slug)

    @rule(client=who, zone=st.sampled_from(ZONES))
    def move(self, client: int, zone: str) -> None:
        self.staff(clients.move_zone, self.clients[client], zone)

    @rule(
        slug=st.sampled_from(SLUGS),
        edits=st.lists(st.tuples(which, st.integers(0, 9)), min_size=1, max_size=3),
    )
    def publish_and_move_everybody(self, slug: str, edits: list[tuple[int, int]]) -> None:
        changes = [partial(change_or_remove, number=number, days=days) for number, days in edits]
        publish(self.world, *changes, in_flight="move", slug=slug)

    @rule(hours=st.integers(1, 30))
    def work_on(self, hours: int) -> None:
        pass_time(self.app, self.app.clock.now() + timedelta(hours=hours))

    @rule(days=st.integers(2, 8))
    def work_on_for_days(self, days: int) -> None:
        self.work_on(24 * days)

    @rule(hours=st.integers(1, 100), sweeps=st.integers(0, 2))
    def be_down(self, hours: int, sweeps: int) -> None:
        self.world.clock.advance(timedelta(hours=hours))
        for _ in range(sweeps):
            self.app.submit("sweep")
        self.app.drain()

    @rule(answers=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=4) | DOUBTS)
    def answer(self, answers: list[Outcome]) -> None:
        self.relay.answers = answers

    @rule(send=st.booleans())
    def settle_what_is_in_doubt(self, send: bool) -> None:
        with self.app.reading() as db:
            doubtful = db.scalars(select(Message.id).where(Message.reason == "ambiguous"))
            waiting = [message for message in doubtful if self.final.get(message) is None]
        for message in waiting:
            with suppress(Conflict):
                self.staff(ambiguous.settle, message, send=send)

    @rule(begun=st.booleans(), arrived=st.booleans())
    def die_with_a_batch(self, begun: bool, arrived: bool) -> None:
        fence = f"dead{len(self.dead)}"
        claimed = dispatch.claim(self.app, "main", fence)
        for message in dispatch.begin(self.app, fence, claimed) if begun else ():
            self.relay.watch(message)
            if arrived:
                self.relay.arrive(message)
        self.dead.append((fence, claimed))

    @precondition(lambda self: self.dead)
    @rule(number=which, begun=st.booleans())
    def wake_a_dead_worker(self, number: int, begun: bool) -> None:
        fence, claimed = self.dead[number % len(self.dead)]
        if begun:
            dispatch.send_claimed(self.app, "main", fence, claimed)
            return
        known = {one.message for one in self.relay.arrivals}
        recording.record(self.app, fence, [(key, Accepted("late")) for key in claimed if key in known])

    @rule(session=which)
    def replay_old_tasks(self, session: int) -> None:
        self.app.submit("schedule_followups", self._session(session))
        self.app.submit("deliver", "main")
        self.app.drain()

    @rule(client=who)
    def plan_twice(self, client: int) -> None:
        with self.app.transaction() as db:
            replan.replan_client(db, self.clients[client], now=self.app.clock.now())
            again = replan.replan_client(db, self.clients[client], now=self.app.clock.now())
        assert again == replan.Changes(), "planning again found something to change"

    @invariant()
    def accounts_are_even_and_what_is_final_stays(self) -> None:
        with self.app.reading() as db:
            rows = list(db.scalars(select(Message)))
            attempts = list(db.scalars(select(Attempt)))
        states = {row.id: row.state for row in rows}
        for message, state in self.final.items():
            assert states[message] == state, f"{state} became {states[message]}"
        self.final = {key: state for key, state in states.items() if state in FINAL}
        assert_conserved(rows, attempts, [one.message_id for one in self.relay.arrivals])
        _assert_no_step_twice(rows, attempts, self.relay)

    def _settle_everything(self) -> None:
        """In the end nothing is left over but what a person has to decide."""
        for number in tuple(self.standing):
            self.stand_still_or_go_on(number)
        pass_time(self.app, self.app.clock.now() + timedelta(days=200))
        self.accounts_are_even_and_what_is_final_stays()
        with self.app.reading() as db:
            rows = list(db.scalars(select(Message).where(Message.state.not_in(FINAL))))
            unplanned = waiting.for_a_plan(db)
        assert {(row.state, row.reason) for row in rows} <= {("held", "ambiguous")}
        assert unplanned == 0

    def _session(self, number: int) -> str:
        return self.sessions[number % len(self.sessions)]

    def staff(self, act: Callable[..., object], *args: object, **facts: object) -> None:
        with self.app.transaction() as db:
            act(db, self.world.clinic_id, *args, by="sam", now=self.app.clock.now(), **facts)


def _assert_no_step_twice(rows: list[Message], attempts: list[Attempt], relay: WatchedRelay) -> None:
    marked = {one.message_id for one in attempts if one.possible_duplicate}
    keys = {row.id: row.dedupe_key for row in rows}
    seen: set[str] = set()
    for one in relay.arrivals:
        assert keys[one.message] not in seen or one.message in marked, "a step went out twice"
        seen.add(keys[one.message])


def test_whatever_happens_in_whatever_order_the_promises_hold(migrated_sqlite: Path, tmp_path: Path) -> None:
    run_state_machine_as_test(
        lambda: AnyOrder(migrated_sqlite, tmp_path),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
