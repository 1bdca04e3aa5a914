"""Bringing a staged file in, some people at a time. Each part is a transaction of its own, so that nobody
waits long meanwhile, least of all who presses Unsubscribe; who was interrupted goes on where it stopped."""

from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate, islice
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from aftercare.domain.import_fate import Fate, Verdict
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows.import_carry import carry_out, finish
from aftercare.flows.import_check import Reading, Review, judge
from aftercare.flows.import_report import report_of, with_part
from aftercare.flows.imports import must_be_staged, reading_of, rows_of
from aftercare.flows.tools import Tools
from aftercare.models import ImportBatch
from aftercare.store import imports

PART = 200
"""New people in a transaction, which takes well below a second."""
COSTS: Mapping[Fate, int] = MappingProxyType({Fate.UPDATED: 4})
"""So many new people take as long as one of these."""
COST_OF_A_ZONE = 20
"""What was planned for her is planned anew."""


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
    while batch.state != "done":
        with tools.transaction() as db:
            batch = _go_on(db, batch, reading, by=by, now=now)
    return batch


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


def _go_on(db: Session, read: ImportBatch, reading: Reading, *, by: str, now: datetime) -> ImportBatch:
    """The next part, wherever that is by now: somebody else may bring the same file in. Conflict where it was
    taken back."""
    batch = imports.get(db, read.clinic_id, read.id, lock=True, rows=False)
    if batch.state == "done":
        return batch
    if batch.state != "begun":
        raise Conflict("This import was taken back meanwhile.")
    start = batch.report["carried"]
    if start == len(reading.people):
        finish(db, batch, by=by, now=now)
        return batch
    found = _judged(db, batch, reading, start)
    carry_out(db, batch, found, by=by, now=now)
    batch.report = with_part(batch.report, found, start + len(found.verdicts))
    db.flush()
    return batch


def _judged(db: Session, batch: ImportBatch, reading: Reading, start: int) -> Review:
    """As many people as do not keep others waiting, at least one; locked."""
    part = dict(islice(reading.people.items(), start, start + PART))
    found = judge(db, batch.clinic_id, part, reading.layout, lock=True)
    spent = accumulate(_cost(verdict) for verdict in found.verdicts)
    count = max(1, sum(cost <= PART for cost in spent))
    return (
        found
        if count == len(part)
        else judge(db, batch.clinic_id, dict(islice(part.items(), count)), reading.layout, lock=True)
    )


def _cost(verdict: Verdict) -> int:
    return COST_OF_A_ZONE if "timezone" in (verdict.fill or {}) else COSTS.get(verdict.fate, 1)
