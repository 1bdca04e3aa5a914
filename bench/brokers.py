"""F1 and F2: Redis forgets everything, or dies and comes back empty."""

import random
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from aftercare.flows import clients, sessions
from aftercare.flows.clients import NewClient
from aftercare.flows.sessions import SessionFacts
from aftercare.store import sessions as session_rows
from bench import ledger
from bench.ground import Ground, wait_until

FLUSHES = 5
START_SECONDS = 60.0


def flush(ground: Ground, tag: str, messages: int, dice: random.Random) -> dict[str, float]:
    """F1: FLUSHALL five times while messages go out."""
    _begin(ground, tag, messages)
    for _ in range(FLUSHES):
        time.sleep(dice.uniform(0.05, 1))
        ground.redis.flushall()
    return _account(ground, "F1", tag, messages)


def restart(ground: Ground, tag: str, messages: int, down_seconds: float) -> dict[str, float]:
    """F2: kill Redis in mid-run, log a session meanwhile, start Redis again, empty."""
    _begin(ground, tag, messages)
    ground.redis.kill()
    session_id, answered_after = _log_session(ground, f"meanwhile-{tag}")
    time.sleep(down_seconds)
    ground.plan(tag, messages, first=messages)
    ground.redis.start()
    back = time.monotonic()
    resumed = wait_until(lambda: _is_planned(ground, session_id), START_SECONDS)
    resumed_after = time.monotonic() - back
    found = _account(ground, "F2", tag, 2 * messages)
    return found | {
        "F2.session_logged_s": round(answered_after, 2),
        "F2.session_planned": int(resumed),
        "F2.consuming_again_s": round(resumed_after, 1),
        "F2.workers_alive": sum(worker.is_alive for worker in ground.workers),
    }


def _begin(ground: Ground, tag: str, messages: int) -> None:
    wait_until(ground.at_work, START_SECONDS)
    ground.plan(tag, messages)
    wait_until(lambda: ledger.count_begun(ground.engine, tag) > messages // 10, START_SECONDS)


def _account(ground: Ground, fault: str, tag: str, messages: int) -> dict[str, float]:
    wait_until(ground.drained, 90 + messages / 50)
    account = ledger.take_account(ground.engine, ground.record, tag)
    print(f"{fault}: {account.planned} messages: {account.states}, received {account.received}")
    return {f"{fault}.lost": account.lost, f"{fault}.extra": account.extra}


def restart_often(
    ground: Ground, tag: str, messages: int, times: int, down_seconds: float
) -> dict[str, float]:
    """F2 several times over: the worst of each figure, and the sum of what was lost and doubled."""
    rounds = [restart(ground, f"{tag}{number}", messages, down_seconds) for number in range(times)]
    combine: dict[str, Callable[[Iterable[float]], float]] = {
        "F2.lost": sum,
        "F2.extra": sum,
        "F2.session_planned": min,
        "F2.workers_alive": min,
    }
    return {name: combine.get(name, max)(found[name] for found in rounds) for name in rounds[0]}


def _log_session(ground: Ground, name: str) -> tuple[str, float]:
    """Log a session as the interfaces do: commit, then submit. Its emails lie days ahead."""
    app, now = ground.app, ground.app.clock.now()
    new = NewClient(
        email=f"{name}@example.net", topics=["aftercare"], consent_source="form", consent_wording="Yes."
    )
    with app.transaction() as db:
        client = clients.add_client(db, ground.stage.clinic_id, new, by="bench", now=now)
        facts = SessionFacts(client_id=client.id, ended_at=now + timedelta(days=1), outcome="ordinary")
        session_id = sessions.log_session(db, ground.stage.clinic_id, facts, by="bench", now=now).id
    start = time.monotonic()
    app.submit("schedule_followups", session_id)
    return session_id, time.monotonic() - start


def _is_planned(ground: Ground, session_id: str) -> bool:
    with ground.app.reading() as db:
        return session_rows.get(db, ground.stage.clinic_id, session_id).planned_at is not None
