"""Bringing a staged file in, some people at a time. Each part is a transaction of its own, so that nobody
waits long meanwhile, least of all who presses Unsubscribe; who was interrupted goes on where it stopped."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from aftercare.domain.import_fate import Person
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows.import_carry import carry_out, finish
from aftercare.flows.import_check import Reading, judge
from aftercare.flows.import_report import report_of, with_part
from aftercare.flows.imports import must_be_staged, reading_of, rows_of
from aftercare.flows.tools import Tools
from aftercare.models import ImportBatch
from aftercare.store import imports

PART = 200
"""People in a transaction: below a second each, also where all of them are known and have plans to mend."""


def confirm(tools: Tools, clinic_id: str, import_id: str, *, by: str, now: datetime) -> ImportBatch:
    """Bring the file in; a second time, or two at once, change nothing. Commits. InvalidInput where something
    is still to be said, Conflict where the choices changed meanwhile or the import was taken back."""
    with tools.reading() as db:
        batch = imports.get(db, clinic_id, import_id)
        if batch.state == "done":
            return batch
        reading = reading_of(db, batch, now=now)
    if reading.found.questions and batch.state == "staged":
        raise InvalidInput("consent", reading.found.questions[0])
    with tools.transaction() as db:
        _begin(db, batch, reading)
    people = dict(reading.people)
    for start in range(0, len(people), PART):
        part = dict(islice(people.items(), start, start + PART))
        with tools.transaction() as db:
            _bring_in(db, batch, reading, start, part, by=by, now=now)
    with tools.transaction() as db:
        return _end(db, batch, by=by, now=now)


def _begin(db: Session, read: ImportBatch, reading: Reading) -> None:
    batch = imports.get(db, read.clinic_id, read.id, lock=True)
    if batch.state in ("begun", "done"):
        return
    must_be_staged(batch)
    if batch.mapping != read.mapping:
        raise Conflict("Somebody changed the choices meanwhile. Look at the numbers once more.")
    batch.report = _at_first(batch, reading)
    batch.state = "begun"
    db.flush()


def _at_first(batch: ImportBatch, reading: Reading) -> dict[str, Any]:
    columns, fields = batch.mapping["columns"], batch.mapping["fields"]
    report = report_of(columns, fields, rows_of(batch), reading.found)
    return report | {"carried": 0, "people": len(reading.people)}


def _bring_in(
    db: Session,
    read: ImportBatch,
    reading: Reading,
    start: int,
    part: Mapping[str, Person],
    *,
    by: str,
    now: datetime,
) -> None:
    """The people from place `start` on, unless somebody else was quicker."""
    batch = imports.get(db, read.clinic_id, read.id, lock=True, rows=False)
    if batch.state != "begun" or batch.report["carried"] != start:
        return
    found = judge(db, batch.clinic_id, part, reading.layout, lock=True)
    carry_out(db, batch, found, by=by, now=now)
    batch.report = with_part(batch.report, found, start + len(part))
    db.flush()


def _end(db: Session, read: ImportBatch, *, by: str, now: datetime) -> ImportBatch:
    batch = imports.get(db, read.clinic_id, read.id, lock=True)
    if batch.state == "begun":
        finish(db, batch, by=by, now=now)
    return batch
