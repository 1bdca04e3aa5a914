"""Carrying out what was decided about a file: adding people, filling empty fields, recording consents."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from aftercare.domain.import_fate import Fate, Verdict
from aftercare.flows import consent
from aftercare.flows.clients import move_zone
from aftercare.flows.import_basis import Basis
from aftercare.flows.import_check import Review
from aftercare.models import ImportBatch
from aftercare.models.base import new_id
from aftercare.store import audit, clients, clinics, imports


def carry_out(db: Session, batch: ImportBatch, review: Review, *, by: str, now: datetime) -> None:
    """Add and update. The clients that are known must be locked since the review was made (P7)."""
    basis = Basis.read(batch.mapping["basis"])
    added = [each for each in review.verdicts if each.client_id is None]
    _add(db, batch, added, basis, by=by, now=now)
    for verdict in review.verdicts:
        if verdict.fate is Fate.UPDATED:
            _update(db, batch, verdict, basis, by=by, now=now)


def finish(db: Session, batch: ImportBatch, *, by: str, now: datetime) -> None:
    """All are in, or nobody goes on: the rows are forgotten."""
    batch.rows, batch.state, batch.confirmed_at = [], "done", now
    detail = {"rows": batch.report["total"], **batch.report["counts"]}
    audit.record(db, batch.clinic_id, "import.done", batch.id, actor=by, now=now, detail=detail)
    db.flush()


def _add(
    db: Session, batch: ImportBatch, added: Iterable[Verdict], basis: Basis, *, by: str, now: datetime
) -> None:
    people: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    of_clinic, home = {"clinic_id": batch.clinic_id}, clinics.get(db, batch.clinic_id).language
    for verdict in added:
        client_id = new_id("cli")
        people.append(of_clinic | _client(client_id, batch, verdict, home, now))
        given.extend(of_clinic | each for each in _consents(client_id, verdict, basis, by, now))
        entry = {"at": now, "actor": by, "action": "client.added", "subject": client_id}
        entries.append(of_clinic | entry | {"detail": {"import": batch.id}})
    imports.add_people(db, people, given, entries)


def _client(client_id: str, batch: ImportBatch, verdict: Verdict, home: str, now: datetime) -> dict[str, Any]:
    person = verdict.person
    return {
        "id": client_id,
        "email": person.email,
        "email_key": person.email_key,
        "first_name": person.first_name,
        "timezone": person.timezone,
        "country": person.country,
        "language": person.language or home,
        "import_id": batch.id,
        "created_at": now,
    }


def _consents(
    client_id: str, verdict: Verdict, basis: Basis, by: str, now: datetime
) -> Iterable[dict[str, Any]]:
    for topic in verdict.topics:
        yield {
            "client_id": client_id,
            "topic": topic,
            "given": True,
            "source": verdict.person.source,
            "wording": basis.wording,
            "recorded_by": by,
            "recorded_at": now,
        }


def _update(
    db: Session, batch: ImportBatch, verdict: Verdict, basis: Basis, *, by: str, now: datetime
) -> None:
    client = clients.get(db, batch.clinic_id, verdict.client_id or "")
    filled = dict(verdict.fill or {})
    for name in filled.keys() - {"timezone"}:
        setattr(client, name, filled[name])
    consent.give(
        db, client, verdict.topics, source=verdict.person.source, wording=basis.wording, by=by, now=now
    )
    db.flush()
    if "timezone" in filled:
        move_zone(db, batch.clinic_id, client.id, filled["timezone"], by=by, now=now)
    detail = {"import": batch.id, "filled": sorted(filled), "topics": list(verdict.topics)}
    audit.record(db, batch.clinic_id, "client.updated", client.id, actor=by, now=now, detail=detail)
