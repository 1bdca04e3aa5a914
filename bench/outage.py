"""Web, workers, beats, Redis and PostgreSQL killed one after another while sessions are logged over REST.

`python -m bench.outage [--sessions 500] [--rate 25]` prints `name: value` lines; exit code 1 where a promise
is broken: every session planned once, every due email sent once. Only an email that was on the wire when
its worker or the database was killed may have a second copy (RFC 1047), and then it is listed as one."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import wait
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from aftercare.flows import clinics
from aftercare.models import AuditEntry, CareSession, Client, Enrolment
from aftercare.testing.processes import Running
from bench import ledger
from bench.ground import Ground, Pace, open_ground, wait_until
from bench.loader import Loader

TAG = "outage"
START_SECONDS = 60.0
PACE = Pace(delay_ms=50)
"""A slow relay, so that a kill finds emails on the wire."""


@dataclass(frozen=True)
class Fault:
    """A part that is killed with SIGKILL, all processes of it at once, and started again, as many as were
    killed. `back`: whether it works again; `doubt`: whether it leaves emails of which nobody knows whether
    they arrived."""

    name: str
    kill: Callable[[Ground], int]
    start: Callable[[Ground, int], None]
    back: Callable[[Ground], bool]
    doubt: bool = False


def _kill_all(running: list[Running]) -> int:
    count = len(running)
    while running:
        running.pop().kill_group()
    return count


def _kill_redis(ground: Ground) -> int:
    ground.redis.kill()
    return 1


def _kill_postgres(ground: Ground) -> int:
    ground.postgres.kill()
    return 1


def _start_workers(ground: Ground, count: int) -> None:
    for _ in range(count):
        ground.start_worker()


FAULTS = (
    Fault("web", lambda ground: _kill_all(ground.webs), lambda ground, _: ground.start_web(), Ground.answers),
    Fault("worker", lambda ground: _kill_all(ground.workers), _start_workers, Ground.at_work, doubt=True),
    Fault("beat", lambda ground: _kill_all(ground.beats), Ground.start_beats, Ground.at_work),
    Fault("redis", _kill_redis, lambda ground, _: ground.redis.start(), Ground.answers),
    Fault("postgres", _kill_postgres, lambda ground, _: ground.postgres.start(), Ground.answers, doubt=True),
)


def run(
    ground: Ground, sessions: int, rate: float, down_seconds: float, *, workers: int = 2, beats: int = 2
) -> dict[str, float]:
    """Everything, on a ground where nothing runs yet; the figures."""
    ground.start_web()
    _start_workers(ground, workers)
    ground.start_beats(beats)
    began = wait_until(lambda: ground.at_work() and ground.answers(), START_SECONDS)
    assert began, ground.complaints()
    loader = Loader(f"http://127.0.0.1:{ground.port}", _token(ground), TAG, sessions, rate)
    working = loader.start()
    on_the_wire: frozenset[str] = frozenset()
    for number, fault in enumerate(FAULTS):
        # Its share of the sessions is half logged when the part dies; the other half falls into the outage.
        loader.allowed, half = (round((number + part) / len(FAULTS) * sessions) for part in (1, 0.5))
        wait_until(lambda: len(loader.sessions) >= half, START_SECONDS)  # noqa: B023 - asked at once
        on_the_wire |= _strike(ground, fault, down_seconds)
    for future in wait(working).done:
        future.result()
    settled = wait_until(lambda: _unplanned(ground) == 0 and ground.drained(), START_SECONDS + sessions / 20)
    return _figures(ground, loader, on_the_wire) | {"settled": int(settled)}


def _strike(ground: Ground, fault: Fault, down_seconds: float) -> frozenset[str]:
    """Kill a part and start it again; the messages that were left in doubt by it."""
    count = fault.kill(ground)
    on_the_wire = frozenset() if fault.name == "postgres" else ledger.transmitting(ground.engine)
    time.sleep(down_seconds)
    fault.start(ground, count)
    if fault.name == "postgres":
        on_the_wire = ledger.transmitting(ground.engine)
    back = wait_until(lambda: fault.back(ground), START_SECONDS)
    print(f"{fault.name:<9} killed, {len(on_the_wire):>2} emails on the wire; works again: {back}")
    return on_the_wire if fault.doubt else frozenset()


def _token(ground: Ground) -> str:
    now = ground.app.clock.now()
    with ground.app.transaction() as db:
        return clinics.create_token(db, ground.stage.clinic_id, name=TAG, by="bench", now=now)


def _unplanned(ground: Ground) -> int:
    with Session(ground.engine) as db:
        query = select(func.count()).where(CareSession.planned_at.is_(None))
        return db.scalar(query) or 0


def _figures(ground: Ground, loader: Loader, on_the_wire: frozenset[str]) -> dict[str, float]:
    account = ledger.take_account(ground.engine, ground.record, TAG, due_by=ground.app.clock.now())
    print(f"due: {account.states}; requests: {dict(loader.endings)}\n{ground.complaints()}")
    replays = loader.endings["replay"]
    return _sessions(ground, loader) | {
        "due_messages": account.planned,
        "received": account.received,
        "lost": account.lost,
        "extra": account.extra,
        "extra_unexplained": len(account.doubled - on_the_wire),
        "extra_unlisted": account.unlisted,
        "left_to_staff": account.shown_to_staff,
        "replays": replays,
        "retries": len(loader.attempts) - 2 * loader.count,
        "answers_500": loader.endings["500"],
        "slowest_answer_s": round(max(seconds for _, seconds in loader.attempts), 2),
        "slowest_with_retries_s": round(max(loader.waits), 2),
    }


def _sessions(ground: Ground, loader: Loader) -> dict[str, float]:
    mine = (
        select(CareSession.id)
        .join(Client, Client.id == CareSession.client_id)
        .where(Client.email.startswith(f"{TAG}-"))
    )
    planned = _per_session(AuditEntry.subject, AuditEntry.action == "session.planned")
    runs = _per_session(Enrolment.session_id)
    with Session(ground.engine) as db:
        logged = set(db.scalars(mine))
        plans, enrolments = dict(db.execute(planned).all()), dict(db.execute(runs).all())
    return {
        "sessions_told": len(set(loader.sessions)),
        "sessions_logged": len(logged),
        "sessions_untold": len(logged ^ set(loader.sessions)),
        "sessions_planned_once": sum(plans.get(key) == enrolments.get(key) == 1 for key in logged),
        "enrolments_per_session_max": max(enrolments.get(key, 0) for key in logged),
    }


def _per_session(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], *where: ColumnElement[bool]
) -> Select[str | None, int]:
    return select(column, func.count()).where(*where).group_by(column)


def broken(found: Mapping[str, float], sessions: int) -> list[str]:
    """The promises that were not kept."""
    all_of_them = ("sessions_told", "sessions_logged", "sessions_planned_once", "due_messages")
    none = ("sessions_untold", "lost", "extra_unexplained", "extra_unlisted", "left_to_staff", "answers_500")
    rules = {
        **{f"{name} is {sessions}": found[name] == sessions for name in all_of_them},
        **{f"{name} is 0": found[name] == 0 for name in none},
        "enrolments_per_session_max is 1": found["enrolments_per_session_max"] == 1,
        "everything was settled in the end": found["settled"] == 1,
    }
    return [rule for rule, kept in rules.items() if not kept]


def main() -> int:
    """Run it; 0 where every promise is kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.outage")
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--rate", type=float, default=25, help="sessions per second while nothing fails")
    parser.add_argument("--down", type=float, default=1.5, help="seconds until a part is started again")
    arguments = parser.parse_args()
    with open_ground(PACE) as ground:
        found = run(ground, arguments.sessions, arguments.rate, arguments.down)
    for name, value in found.items():
        print(f"outage.{name}: {value}")
    for rule in (missed := broken(found, arguments.sessions)):
        print(f"NOT KEPT: {rule}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
