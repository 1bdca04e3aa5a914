"""Sessions that nobody has planned: found by the sweep, chosen late, each by one worker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aftercare.flows import enrolments, planning, sweeping
from aftercare.models import AuditEntry
from aftercare.store import sessions
from tests.journeys.harness import Journey

MANY = 12


def log_without_a_task(journey: Journey, count: int) -> list[str]:
    """Sessions of as many clients, logged while the broker is away."""
    journey.app.broker_is_up = False
    people = [journey.add_client(f"client-{number}@example.com") for number in range(count)]
    logged = [journey.log_session(client, journey.now) for client in people]
    journey.app.broker_is_up = True
    return logged


def unplanned(journey: Journey) -> set[str]:
    """The sessions that still wait."""
    with journey.app.reading() as db:
        return set(sessions.unplanned(db))


def test_a_backlog_does_not_pile_up_tasks_however_often_it_is_swept(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PLANS_PER_TASK", 1)
    log_without_a_task(journey, MANY)
    for _ in range(3):
        sweeping.sweep(journey.app)
    assert [name for name, _ in journey.app.waiting] == ["plan_waiting"] * 3 * sweeping.MAX_FAN_OUT
    journey.app.drain()
    assert unplanned(journey) == set()


def test_one_task_plans_all_that_wait(journey: Journey) -> None:
    log_without_a_task(journey, MANY)
    assert (planning.plan_waiting(journey.app), planning.plan_waiting(journey.app)) == (MANY, 0)
    assert unplanned(journey) == set()


def test_workers_that_plan_at_once_plan_each_session_once(journey: Journey) -> None:
    logged = log_without_a_task(journey, MANY)
    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(lambda _: planning.plan_waiting(journey.app), range(3)))
    assert sum(counts) == MANY
    with journey.app.reading() as db:
        planned = db.scalars(select(AuditEntry.subject).where(AuditEntry.action == "session.planned"))
        assert sorted(planned) == sorted(logged)


def test_a_session_that_cannot_be_planned_does_not_keep_others_from_it(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = log_without_a_task(journey, 3)
    real = enrolments.schedule_followups

    def stumble(db: Session, session_id: str, *, now: datetime) -> Any:
        if session_id == first:
            raise ZeroDivisionError
        return real(db, session_id, now=now)

    with monkeypatch.context() as patch:
        patch.setattr(enrolments, "schedule_followups", stumble)
        assert planning.plan_waiting(journey.app) == 2
    assert unplanned(journey) == {first}
    journey.app.sweep()
    assert unplanned(journey) == set()


def test_trouble_with_the_database_ends_the_task(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT", None, Exception("the connection is lost"))

    waiting = log_without_a_task(journey, 2)
    with monkeypatch.context() as patch:
        patch.setattr(enrolments, "schedule_followups", away)
        with pytest.raises(OperationalError):
            planning.plan_waiting(journey.app)
    assert unplanned(journey) == set(waiting)
    planning.plan_waiting(journey.app)
