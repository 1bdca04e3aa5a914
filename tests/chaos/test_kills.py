"""Real workers, beats, Redis, PostgreSQL and SMTP; `python -m bench.chaos` does the same for minutes."""

import os
import pickle
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import brokers, kills, ledger
from bench.ground import Ground, Pace, open_ground, wait_until
from kombu import Connection, Queue

from aftercare.testing.servers import PostgresServer

PICKLED = 4
PACE = Pace(sweep=0.5, lease=2, reconcile=1, delay_ms=4)


@pytest.fixture(scope="module")
def ground(postgres_server: PostgresServer) -> Iterator[Ground]:
    """Two workers and two beats at work, shared by these tests: each plans and counts emails of its own."""
    with open_ground(PACE, postgres=postgres_server) as stands:
        stands.start_worker()
        stands.start_worker()
        stands.start_beats()
        assert wait_until(stands.at_work, 60)
        yield stands


def account_of(ground: Ground, tag: str) -> ledger.Count:
    """The account of these emails when all is final."""
    assert wait_until(ground.drained, 60)
    return ledger.take_account(ground.engine, ground.record, tag)


def test_a_kill_loses_nothing_and_doubles_at_most_what_was_on_the_wire(ground: Ground) -> None:
    mortuary, drained = kills.kill_workers(ground, "killed", 300, 2, random.Random(7))
    found = kills.report(mortuary, account_of(ground, "killed"))
    assert drained
    assert found["F3.lost"] == 0
    assert found["F3.extra"] <= found["F3.extra_allowed"]
    assert found["F3.extra_unexplained"] == 0
    assert found["F3.extra_unlisted"] == 0


def test_a_broker_that_forgets_everything_costs_no_message(ground: Ground) -> None:
    found = brokers.flush(ground, "flushed", 300, random.Random(7))
    assert (found["F1.lost"], found["F1.extra"]) == (0, 0)


def test_a_broker_killed_and_started_empty_is_used_again(ground: Ground) -> None:
    found = brokers.restart(ground, "restarted", 200, down_seconds=1)
    assert (found["F2.lost"], found["F2.extra"]) == (0, 0)
    assert found["F2.session_planned"] == 1
    assert found["F2.workers_alive"] == 2


def test_a_worker_told_to_stop_finishes_what_it_has_begun(ground: Ground) -> None:
    assert wait_until(ground.at_work, 60)
    ground.plan("stopped", 300)
    assert wait_until(lambda: ledger.count_begun(ground.engine, "stopped") > 20, 30)
    leaving = ground.workers.pop()
    ground.start_worker()
    assert leaving.terminate() == 0
    account = account_of(ground, "stopped")
    assert (account.lost, account.extra) == (0, 0)


def refusals(ground: Ground) -> int:
    """How many bodies the workers would not read."""
    return sum(worker.log.read_text().count("ContentDisallowed") for worker in ground.workers)


class Intruder:
    """Unpickled, it would leave a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def test_a_pickled_task_or_one_for_an_unknown_sender_harms_nobody(ground: Ground, tmp_path: Path) -> None:
    assert wait_until(ground.at_work, 60)
    headers = {"task": "aftercare.sweep", "id": "intruder", "lang": "py", "root_id": "intruder"}
    with Connection(ground.redis.url) as connection, connection.SimpleQueue(Queue("aftercare")) as queue:
        for _ in range(PICKLED):
            body = pickle.dumps(((Intruder(tmp_path / "mark"),), {}, {}))
            queue.producer.publish(
                body,
                routing_key="aftercare",
                headers=headers,
                content_type="application/x-python-serialize",
                content_encoding="binary",
            )
    assert wait_until(lambda: refusals(ground) == PICKLED, 30)
    ground.app.submit("deliver", "nobody")
    ground.plan("after", 50)
    account = account_of(ground, "after")
    assert (account.lost, account.extra) == (0, 0)
    assert all(worker.is_alive for worker in ground.workers)
    assert not (tmp_path / "mark").exists()
