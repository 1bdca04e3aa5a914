"""Claims, leases and fences on rows alone, with two claimers on connections of their own."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from aftercare.models import Attempt, Client, Enrolment, Heartbeat, Message
from aftercare.store import dispatch, enrolments, messages, recovery, settings
from aftercare.store.engine import open_engine, reading, writing
from tests.store.rows import NOW, add_messages, message_row

LATER = NOW + timedelta(minutes=2)
RECONCILE = timedelta(minutes=10)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to a database with one clinic, one client and one run."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def _claim(engine: Engine, fence: str, limit: int = 100) -> list[str]:
    with writing(engine) as db:
        return dispatch.claim(db, sender="main", now=NOW, fence=fence, lease_until=LATER, limit=limit)


def _begin(engine: Engine, fence: str, ids: list[str]) -> set[str]:
    with writing(engine) as db:
        return dispatch.begin_transmitting(db, fence, ids, now=NOW, lease_until=LATER)


def _recover(engine: Engine, at: datetime) -> None:
    with writing(engine) as db:
        recovery.take_back_claims(db, unshifted=at, now=at)
        recovery.find_unknown(db, unshifted=at, now=at, reconcile=RECONCILE)


def _states(engine: Engine) -> Counter[str]:
    with reading(engine) as db:
        return Counter(db.scalars(select(Message.state)))


def test_two_claimers_never_get_the_same_row(engine: Engine) -> None:
    add_messages(engine, 200)
    start = Barrier(2)

    def work(fence: str) -> list[str]:
        start.wait()
        mine: list[str] = []
        while batch := _claim(engine, fence, limit=7):
            mine += batch
        return mine

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, ["one", "two"])
    assert len(first) + len(second) == len({*first, *second}) == 200


def test_a_claim_takes_what_has_been_due_longest(engine: Engine) -> None:
    late, *_ = add_messages(engine, 3, due_at=[NOW - timedelta(hours=1), NOW, NOW + timedelta(seconds=1)])
    assert _claim(engine, "one", limit=1) == [late]
    assert len(_claim(engine, "two")) == 1


def test_a_claim_whose_lease_ran_out_is_planned_again_and_not_before(engine: Engine) -> None:
    add_messages(engine, 2)
    ids = _claim(engine, "dead")
    _recover(engine, LATER)
    assert _states(engine) == {"claimed": 2}
    _recover(engine, LATER + timedelta(microseconds=1))
    assert sorted(_claim(engine, "alive")) == sorted(ids)
    assert _begin(engine, "dead", ids) == set()


def test_a_transmission_whose_worker_died_is_unknown(engine: Engine) -> None:
    add_messages(engine, 1)
    _begin(engine, "dead", _claim(engine, "dead"))
    _recover(engine, LATER + timedelta(seconds=1))
    with reading(engine) as db:
        row = db.scalars(select(Message)).one()
        assert (row.state, row.reason, row.fence) == ("unknown", "worker_lost", None)
        assert row.due_at == LATER + timedelta(seconds=1) + RECONCILE
        assert dispatch.on_the_wire(db, "dead", [row.id]) == []


def test_a_late_proof_settles_a_doubt_and_nothing_else(engine: Engine) -> None:
    ids = add_messages(engine, 2)
    _begin(engine, "dead", _claim(engine, "dead", limit=1))
    _recover(engine, LATER + timedelta(seconds=1))
    with writing(engine) as db:
        dispatch.settle_late_proof(db, ids, NOW)
    assert _states(engine) == {"sent": 1, "planned": 1}


def test_release_gives_back_what_was_not_used(engine: Engine) -> None:
    add_messages(engine, 3)
    used, *_ = _claim(engine, "one")
    _begin(engine, "one", [used])
    with writing(engine) as db:
        dispatch.release(db, "one", NOW)
    assert _states(engine) == {"planned": 2, "transmitting": 1}
    assert len(_claim(engine, "two")) == 2


def test_a_lease_is_renewed_for_claims_and_transmissions_alike(engine: Engine) -> None:
    add_messages(engine, 2)
    first, _ = _claim(engine, "slow")
    _begin(engine, "slow", [first])
    with writing(engine) as db:
        dispatch.renew_lease(db, "slow", LATER + timedelta(hours=1))
    _recover(engine, LATER + timedelta(minutes=59))
    assert _states(engine) == {"claimed": 1, "transmitting": 1}


def test_a_row_that_is_lost_three_times_is_parked_and_its_neighbours_are_not(engine: Engine) -> None:
    poison, *_ = add_messages(engine, 5)
    at = LATER
    for round_ in range(12):
        fence = f"worker{round_}"
        ids = _claim(engine, fence)
        if poison not in ids:
            _begin(engine, fence, ids)
        at += timedelta(minutes=5)
        _recover(engine, at)
    assert _states(engine) == {"failed": 1, "unknown": 4}


def test_beginning_writes_an_attempt_for_each_row_that_moves(engine: Engine) -> None:
    add_messages(engine, 2)
    ids = _claim(engine, "one")
    assert _begin(engine, "one", [*ids, "msg_of_somebody_else"]) == set(ids)
    assert _begin(engine, "one", ids) == set()
    with writing(engine) as db:
        dispatch.finish_attempts(db, [(ids[0], 1, "accepted", "smtp_250")], NOW)
    with reading(engine) as db:
        assert Counter(db.scalars(select(Attempt.outcome))) == {"accepted": 1, None: 1}


@pytest.mark.parametrize(
    ("still", "cleared"),
    [
        ({"held_at": NOW}, {"msg_001"}),
        ({"paused_until": NOW}, {"msg_000", "msg_001"}),
        ({"paused_until": NOW + timedelta(seconds=1)}, {"msg_001"}),
    ],
)
def test_whoever_is_held_or_rests_gets_nothing_but_account_mail(
    engine: Engine, still: dict[str, datetime], cleared: set[str]
) -> None:
    """The last guard, whatever was decided before (P7, ADR 10)."""
    add_messages(engine, 2)
    ids = _claim(engine, "one")
    with writing(engine) as db:
        db.execute(update(Message).where(Message.id == "msg_001").values(purpose="account"))
        db.execute(update(Client).values(still))
    assert _begin(engine, "one", ids) == cleared


def test_a_cancelled_row_makes_room_for_a_new_one_and_no_other_does(engine: Engine) -> None:
    old = add_messages(engine, 1)[0]
    with writing(engine) as db:
        messages.cancel_unsent(db, reason="opted_out", by="test", now=NOW, client_id=["cli_maya"])
    with reading(engine) as db:
        key = db.get_one(Message, old).dedupe_key
    with writing(engine) as db:
        db.execute(insert(Message).values(message_row("msg_new", dedupe_key=key)))
    with pytest.raises(IntegrityError), writing(engine) as db:
        db.execute(insert(Message).values(message_row("msg_newer", dedupe_key=key)))


def test_two_sweeps_can_beat_for_the_first_time_at_once(engine: Engine) -> None:
    start = Barrier(2)

    def beat(second: int) -> None:
        start.wait()
        with writing(engine) as db:
            settings.beat(db, NOW + timedelta(seconds=second), "sweep")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(beat, [1, 2]))
    with reading(engine) as db:
        assert db.scalars(select(Heartbeat.name)).all() == ["sweep"]


def test_the_next_due_instant_looks_at_planned_rows_and_doubts(engine: Engine) -> None:
    add_messages(engine, 1, due_at=[NOW + timedelta(hours=5)])
    with reading(engine) as db:
        assert messages.next_due(db, NOW) == NOW + timedelta(hours=5)
        assert messages.next_due(db, NOW + timedelta(hours=5)) is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_sweep_never_waits_for_somebody_who_is_changing_a_run(engine: Engine) -> None:
    add_messages(engine, 1)
    with writing(engine) as db:
        db.execute(update(Message).values(state="sent"))
    with writing(engine) as hers:
        hers.execute(select(Enrolment).with_for_update())
        with writing(engine) as db:
            db.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert enrolments.end_completed(db, NOW) == 0
    with writing(engine) as db:
        assert enrolments.end_completed(db, NOW) == 1


def test_an_email_that_is_sent_again_after_a_doubt_goes_alone_and_after_the_others(engine: Engine) -> None:
    ids = add_messages(engine, 4, due_at=[NOW - timedelta(minutes=late) for late in (4, 3, 2, 1)])
    with writing(engine) as db:
        db.execute(update(Message).where(Message.id.in_(ids[:2])).values(resends=1))
    assert [_claim(engine, fence) for fence in ("a", "b", "c", "d")] == [ids[2:], ids[:1], ids[1:2], []]
