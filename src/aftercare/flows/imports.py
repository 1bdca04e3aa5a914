"""Bringing a file of clients in: stage, look, choose, take back (`import_confirm` brings it in).

Personal data of the file is kept only while it is staged, and what the clinic needs to mend refused rows for
a day after. An import never starts a sequence, and never revives anybody who said stop."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.columns import (
    HEALTH_REASON,
    LONG_TEXT,
    LONG_TEXT_REASON,
    checked,
    guess,
    looks_like_health,
)
from aftercare.domain.csvfile import Table, TableRow, read_table
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows.import_basis import Basis
from aftercare.flows.import_carry import finish
from aftercare.flows.import_check import Reading, Review, check, read
from aftercare.flows.import_report import without_people
from aftercare.models import ImportBatch
from aftercare.store import audit, imports

KEPT = timedelta(hours=24)
"""How long an import can be taken back, and a staged file or a refused row is remembered."""

REMEMBERED = 10
"""Earlier imports in which the same columns are looked for: the same booking system's next export."""


@dataclass(frozen=True)
class Staged:
    """A file that was read, without what must not be stored. `left_out`: (column, why)."""

    file_hash: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    left_out: tuple[tuple[str, str], ...]
    fields: Mapping[str, str]
    """The guess: field -> column."""
    guessed_letters: bool


def read_file(data: bytes) -> Staged:
    """Read a file and leave out the columns that look like health information. InvalidInput("file", ...)."""
    table = read_table(data)
    fields = guess(table.columns)
    left_out = _left_out(table, set(fields.values()))
    places = [place for place, name in enumerate(table.columns) if name not in left_out]
    rows = (TableRow(row.number, tuple(row.cells[at] for at in places), row.problem) for row in table.rows)
    return Staged(
        file_hash=hashlib.sha256(data).hexdigest(),
        columns=tuple(table.columns[at] for at in places),
        rows=tuple(rows),
        left_out=tuple(left_out.items()),
        fields=fields,
        guessed_letters=table.guessed,
    )


def stage(db: Session, clinic_id: str, staged: Staged, *, by: str, now: datetime) -> ImportBatch:
    """Keep a file that was read until it is brought in, for a day at most. What its columns are is taken from
    the last file that had the same ones, else from the guess."""
    forget_old(db, now=now)
    mapping = {
        "columns": list(staged.columns),
        "left_out": [list(each) for each in staged.left_out],
        "fields": _remembered(db, clinic_id, staged) or dict(staged.fields),
        "basis": Basis().stored(),
        "guessed_letters": staged.guessed_letters,
    }
    batch = ImportBatch(
        clinic_id=clinic_id,
        file_hash=staged.file_hash,
        state="staged",
        mapping=mapping,
        rows=[[row.number, row.problem, *row.cells] for row in staged.rows],
        report={},
        created_by=by,
        created_at=now,
    )
    return imports.add(db, batch)


def rehearse(
    db: Session, clinic_id: str, staged: Staged, fields: Mapping[str, str], basis: Basis, *, now: datetime
) -> Review:
    """What bringing this file in would do, without keeping anything of it."""
    picked = checked(fields, staged.columns)
    reading = read(db, clinic_id, staged.rows, staged.columns, picked, basis, now=now)
    return check(db, clinic_id, reading)


def choose(
    db: Session, clinic_id: str, import_id: str, fields: Mapping[str, str], basis: Basis
) -> ImportBatch:
    """Say which column is what, and who agreed. InvalidInput; Conflict where it was brought in already."""
    batch = _staged(db, clinic_id, import_id)
    columns = batch.mapping["columns"]
    batch.mapping = batch.mapping | {"fields": checked(fields, columns), "basis": basis.stored()}
    db.flush()
    return batch


def reading_of(db: Session, batch: ImportBatch, *, now: datetime) -> Reading:
    """The rows of a staged file, read as was chosen. InvalidInput where no column holds addresses."""
    plan = batch.mapping
    if "email" not in plan["fields"]:
        raise InvalidInput("email", "no column looks like email addresses; choose the one that holds them")
    basis = Basis.read(plan["basis"])
    return read(db, batch.clinic_id, rows_of(batch), plan["columns"], plan["fields"], basis, now=now)


def review(db: Session, batch: ImportBatch, *, now: datetime) -> Review:
    """What bringing this staged file in would do."""
    return check(db, batch.clinic_id, reading_of(db, batch, now=now))


def discard(db: Session, clinic_id: str, import_id: str) -> None:
    """Forget a staged file. Conflict where it was brought in already."""
    imports.drop(db, _staged(db, clinic_id, import_id))


def undo(db: Session, clinic_id: str, import_id: str, *, by: str, now: datetime) -> ImportBatch:
    """Remove the clients whom this import added and with whom nothing has happened since; the report says
    how many stayed. What it filled in for clients who were known stays. Within 24 hours: Conflict after."""
    batch = imports.get(db, clinic_id, import_id, lock=True)
    if batch.state == "undone":
        return batch
    if not can_undo(batch, now):
        raise Conflict("An import can be taken back for 24 hours after it was brought in.")
    removed, kept = imports.remove_untouched(db, batch)
    batch.report = without_people(batch.report) | {"removed": removed, "kept": kept}
    batch.state, batch.undone_at = "undone", now
    detail = {"removed": removed, "kept": kept}
    audit.record(db, clinic_id, "import.undone", batch.id, actor=by, now=now, detail=detail)
    db.flush()
    return batch


def can_undo(batch: ImportBatch, now: datetime) -> bool:
    """Whether this import can still be taken back."""
    return batch.state == "done" and batch.confirmed_at is not None and now - batch.confirmed_at <= KEPT


def forget_old(db: Session, *, now: datetime) -> None:
    """Staged files of yesterday are dropped, and people's rows taken out of older reports; counts stay. What
    was begun and never taken up again ends where it stopped."""
    imports.drop_staged(db, now - KEPT)
    for batch in imports.begun(db, now - 2 * KEPT):
        finish(db, batch, by="engine", now=now)
    for batch in imports.remembering(db, now - KEPT):
        batch.report = without_people(batch.report)
    db.flush()


def _remembered(db: Session, clinic_id: str, staged: Staged) -> dict[str, str]:
    for earlier in imports.latest(db, clinic_id, REMEMBERED):
        if earlier.mapping["columns"] == list(staged.columns):
            return dict(earlier.mapping["fields"])
    return {}


def _left_out(table: Table, guessed: set[str]) -> dict[str, str]:
    """Column -> why. Long texts of columns that nothing else explains are notes by another name."""
    left_out = {name: HEALTH_REASON for name in table.columns if looks_like_health(name)}
    for place, name in enumerate(table.columns):
        if name not in guessed and any(len(row.cells[place]) > LONG_TEXT for row in table.rows):
            left_out.setdefault(name, LONG_TEXT_REASON)
    return left_out


def rows_of(batch: ImportBatch) -> list[TableRow]:
    """The rows of a file that is not in yet."""
    return [TableRow(number, tuple(cells), problem) for number, problem, *cells in batch.rows]


def _staged(db: Session, clinic_id: str, import_id: str) -> ImportBatch:
    batch = imports.get(db, clinic_id, import_id, lock=True)
    must_be_staged(batch)
    return batch


def must_be_staged(batch: ImportBatch) -> None:
    """Conflict where the file is in, or on its way."""
    if batch.state != "staged":
        raise Conflict("This file was brought in already. Choose the file again to bring it in once more.")
