"""The one question of a sweep: it must hear of everything that a sweep looks after."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, update
from sqlalchemy.orm import Session

from aftercare.models import (
    Alert,
    Appointment,
    CareSession,
    Client,
    Enrolment,
    IdempotencyKey,
    ImportBatch,
    LinkRequest,
    Message,
    NewsletterIssue,
    NewsletterSignup,
)
from aftercare.store import waiting
from aftercare.store.engine import open_engine, writing
from tests.store.rows import CLINIC_ID, NOW, add_messages

SOON, BEFORE = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


def _row(table: Any, **values: Any) -> Executable:
    owner = {} if table is LinkRequest else CLINIC_ID
    return insert(table).values(**owner, **values)


def _message(**values: Any) -> Executable:
    return update(Message).values(**values)


def _alert(at: datetime | None, **more: Any) -> Executable:
    return _row(Alert, client_id="cli_maya", raised_by="client", raised_at=NOW, escalate_at=at, **more)


def _batch(state: str, **more: Any) -> Executable:
    values = {"file_hash": "1", "created_by": "sam", "created_at": NOW} | more
    return _row(ImportBatch, state=state, **values)


def _signup(**more: Any) -> Executable:
    values = {"address_hash": "1", "mailbox_hash": "1", "email": "maya@example.com", "asked_at": NOW}
    return _row(NewsletterSignup, language="en", wording="Yes.", **(values | more))


def _issue(**more: Any) -> Executable:
    return _row(NewsletterIssue, sequence_id="seq_visit", topic="newsletter", created_by="sam", **more)


def _key(created_at: datetime) -> Executable:
    return _row(IdempotencyKey, key="1", request_hash="1", created_at=created_at)


REPEATS = {"refused": [{"row": 3}]}
WORK = {
    "a sign-up that nobody has looked at": _signup(waits=True),
    "a sign-up without a yes": _signup(waits=False, asked_at=BEFORE),
    "somebody wants a fresh link": _row(LinkRequest, email_key="maya@example.com", asked_at=NOW),
    "an alert whose time is up": _alert(NOW),
    "an alert of which nobody heard": _alert(SOON),
    "a claim whose worker died": _message(state="claimed", lease_until=BEFORE),
    "a transmission whose worker died": _message(state="transmitting", lease_until=BEFORE),
    "a doubt that waited long enough": _message(state="unknown", due_at=NOW),
    "an email left out for less often": _message(state="held", reason="less_often", planned_for=NOW),
    "a pause that is over": update(Client).values(paused_until=NOW),
    "a run with nothing left to come": _message(state="sent"),
    "an issue under way": _issue(created_at=NOW, scheduled_at=NOW),
    "an answer of yesterday": _key(BEFORE),
    "a file of yesterday": _batch("staged", created_at=BEFORE),
    "a file that was half brought in": _batch("begun", created_at=BEFORE),
    "a report that repeats rows": _batch("done", confirmed_at=BEFORE, report=REPEATS),
}
NO_WORK = {
    "nothing": update(Client).values(first_name="Maya"),
    "a sign-up of today": _signup(waits=False),
    "an alert that was heard": _alert(NOW, acknowledged_at=NOW),
    "a claim in good time": _message(state="claimed", lease_until=SOON),
    "a transmission in good time": _message(state="transmitting", lease_until=SOON),
    "a fresh doubt": _message(state="unknown", due_at=SOON),
    "an email that a person holds": _message(state="held", reason="held", planned_for=NOW),
    "a pause that goes on": update(Client).values(paused_until=SOON),
    "a run that ended": update(Enrolment).values(ended_at=NOW, exit_reason="completed"),
    "a draft of an issue": _issue(created_at=NOW),
    "a file of today": _batch("staged"),
    "a report without rows": _batch("done", confirmed_at=BEFORE),
}


@pytest.fixture
def db(database_url: str) -> Iterator[Session]:
    """A transaction on a database with one clinic, one client, and one run with one email to come."""
    engine = open_engine(database_url)
    add_messages(engine, 1)
    with writing(engine) as db:
        yield db
    engine.dispose()


def _finds(db: Session, change: Executable) -> bool:
    savepoint = db.begin_nested()
    db.execute(change)
    found = waiting.anything(
        db, now=NOW, unshifted=NOW, signups_before=NOW, answers_before=NOW, files_before=NOW
    )
    savepoint.rollback()
    return found


def test_whatever_waits_is_heard_of(db: Session) -> None:
    assert [what for what, change in WORK.items() if not _finds(db, change)] == []


def test_what_nobody_has_to_do_makes_no_work(db: Session) -> None:
    assert [what for what, change in NO_WORK.items() if _finds(db, change)] == []


def test_all_kinds_of_rows_without_a_plan_are_counted(db: Session) -> None:
    assert waiting.for_a_plan(db) == 0
    db.execute(update(Enrolment).values(ended_at=NOW, exit_reason="completed"))
    assert waiting.for_a_plan(db) == 1
    visit = {"ended_at": NOW, "outcome": "routine", "logged_by": "sam", "logged_at": NOW}
    db.execute(_row(CareSession, client_id="cli_maya", **visit))
    assert waiting.for_a_plan(db) == 2
    booked = {"starts_at": SOON, "ends_at": SOON, "booked_by": "sam", "booked_at": NOW, "told_at": NOW}
    db.execute(_row(Appointment, client_id="cli_maya", **booked))
    assert waiting.for_a_plan(db) == 3
    db.execute(delete(CareSession))
    assert waiting.for_a_plan(db) == 2
