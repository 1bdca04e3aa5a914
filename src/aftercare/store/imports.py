"""Files of clients: the batches, who is known already, and what they brought in."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, String, cast, delete, exists, insert, select
from sqlalchemy.orm import Session, defer

from aftercare.errors import NotFound
from aftercare.models import (
    AuditEntry,
    CareSession,
    Client,
    Consent,
    Enrolment,
    ImportBatch,
    Message,
    Suppression,
)
from aftercare.models.base import At
from aftercare.store import clients

T = TypeVar("T")
CHUNK = 1000


def get(db: Session, clinic_id: str, import_id: str, *, lock: bool = False, rows: bool = True) -> ImportBatch:
    """A batch of this clinic, `lock`ed until the transaction ends where it will be changed; without `rows`
    where they are not needed, for they are many. NotFound."""
    query = select(ImportBatch).where(ImportBatch.clinic_id == clinic_id, ImportBatch.id == import_id)
    query = query if rows else query.options(defer(ImportBatch.rows))
    found = db.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def add(db: Session, batch: ImportBatch) -> ImportBatch:
    """Keep a new batch."""
    db.add(batch)
    db.flush()
    return batch


def drop(db: Session, batch: ImportBatch) -> None:
    """Forget a batch."""
    db.execute(delete(ImportBatch).where(ImportBatch.id == batch.id))


def latest(db: Session, clinic_id: str, limit: int) -> list[ImportBatch]:
    """The clinic's batches that were brought in (or taken back again), newest first."""
    query = select(ImportBatch).where(
        ImportBatch.clinic_id == clinic_id, ImportBatch.confirmed_at.is_not(None)
    )
    return list(db.scalars(query.order_by(ImportBatch.confirmed_at.desc()).limit(limit)))


def same_file(db: Session, clinic_id: str, file_hash: str) -> ImportBatch | None:
    """The latest time that this very file was brought in and not taken back."""
    query = select(ImportBatch).where(
        ImportBatch.clinic_id == clinic_id, ImportBatch.file_hash == file_hash, ImportBatch.state == "done"
    )
    return db.scalar(query.order_by(ImportBatch.confirmed_at.desc()).limit(1))


def drop_staged(db: Session, before: datetime) -> None:
    """Forget the files of any clinic that were staged before then and never brought in."""
    db.execute(delete(ImportBatch).where(*in_state("staged", before)))


def begun(db: Session, before: datetime) -> list[ImportBatch]:
    """Batches of any clinic that were staged before then and are in by a part only."""
    return list(db.scalars(select(ImportBatch).where(*in_state("begun", before))))


def remembering(db: Session, before: datetime) -> list[ImportBatch]:
    """Batches of any clinic, brought in before then, whose report still repeats rows."""
    return list(db.scalars(select(ImportBatch).where(*repeats_rows(before))))


def in_state(state: str, before: At) -> tuple[ColumnElement[bool], ...]:
    """Batches in this state that were staged before then."""
    return ImportBatch.state == state, ImportBatch.created_at < before


def repeats_rows(before: At) -> tuple[ColumnElement[bool], ...]:
    """Batches, brought in before then, whose report still repeats rows."""
    report = cast(ImportBatch.report, String)
    return ImportBatch.confirmed_at < before, report.contains('"refused": [')


def known(db: Session, clinic_id: str, keys: Iterable[str], *, lock: bool = False) -> list[Client]:
    """The clinic's clients with these addresses. With `lock` nobody says stop between looking and writing
    (P7); the locks are taken in the order of ids, as everywhere."""
    ids: list[str] = []
    for some in _chunks(keys):
        query = select(Client.id).where(Client.clinic_id == clinic_id, Client.email_key.in_(some))
        ids.extend(db.scalars(query))
    found: list[Client] = []
    for some in _chunks(sorted(ids)):
        found.extend(clients.lock_all(db, some) if lock else _by_ids(db, some))
    return found


def consents_of(db: Session, client_ids: Iterable[str]) -> list[tuple[str, str, bool]]:
    """(client, topic, given) of the consents in force."""
    found: list[tuple[str, str, bool]] = []
    for some in _chunks(client_ids):
        query = select(Consent.client_id, Consent.topic, Consent.given)
        rows = db.execute(query.where(Consent.client_id.in_(some), Consent.current))
        found.extend((client, topic, given) for client, topic, given in rows)
    return found


def suppressed(db: Session, clinic_id: str, keys: Iterable[str]) -> set[str]:
    """Those of these addresses that must not be mailed."""
    found: set[str] = set()
    for some in _chunks(keys):
        query = select(Suppression.email_key)
        found.update(
            db.scalars(query.where(Suppression.clinic_id == clinic_id, Suppression.email_key.in_(some)))
        )
    return found


def add_people(
    db: Session,
    people: Sequence[dict[str, Any]],
    given: Sequence[dict[str, Any]],
    entries: Sequence[dict[str, Any]],
) -> None:
    """New clients with their consents and audit entries, many rows a statement."""
    tables: Iterable[tuple[type[Client | Consent | AuditEntry], Sequence[dict[str, Any]]]] = (
        (Client, people),
        (Consent, given),
        (AuditEntry, entries),
    )
    for table, rows in tables:
        for some in _chunks(rows):
            db.execute(insert(table), some)


def remove_untouched(db: Session, batch: ImportBatch) -> tuple[int, int]:
    """Delete the clients whom this batch added and with whom nothing has happened since: no session, run,
    email, change of consent or other act. Returns how many were removed and how many kept."""
    added = sorted(db.scalars(select(Client.id).where(Client.import_id == batch.id)))
    removed = 0
    for some in _chunks(added):
        clients.lock_all(db, some)
        gone = list(db.scalars(select(Client.id).where(Client.id.in_(some), *_untouched(batch))))
        db.execute(delete(Consent).where(Consent.client_id.in_(gone)))
        db.execute(delete(Client).where(Client.id.in_(gone)))
        removed += len(gone)
    return removed, len(added) - removed


def _untouched(batch: ImportBatch) -> list[Any]:
    happened = (
        exists().where(CareSession.client_id == Client.id),
        exists().where(Enrolment.client_id == Client.id),
        exists().where(Message.client_id == Client.id),
        exists().where(Consent.client_id == Client.id, Consent.recorded_at > batch.confirmed_at),
        exists().where(AuditEntry.subject == Client.id, AuditEntry.action != "client.added"),
    )
    return [~each for each in happened] + [Client.held_at.is_(None), Client.paused_until.is_(None)]


def _by_ids(db: Session, ids: Collection[str]) -> list[Client]:
    return list(db.scalars(select(Client).where(Client.id.in_(ids))))


def _chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    while some := list(islice(rest, CHUNK)):
        yield some
