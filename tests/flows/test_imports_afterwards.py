"""After an import: done once, forgotten after a day, taken back where nothing has happened since."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.domain.csvfile import read_table
from aftercare.errors import Conflict, NotFound
from aftercare.flows import clients, consent, imports
from aftercare.flows.import_basis import Basis
from aftercare.flows.import_report import refused_csv
from aftercare.models import AuditEntry, ImportBatch
from tests import client_file
from tests.flows.importing import bring_in, confirm, counts, name_of, stage, total, undo
from tests.journeys.harness import Journey


def test_the_next_export_of_the_same_system_is_read_as_the_last_one(journey: Journey) -> None:
    staged = imports.read_file(b"Email,Called,Other email\na@example.com,Ann,b@example.com\n")
    with journey.app.transaction() as db:
        batch = imports.stage(db, journey.clinic_id, staged, by="sam", now=journey.now)
        chosen = {"email": "Other email", "first_name": "Called"}
        imports.choose(db, journey.clinic_id, batch.id, chosen, Basis.read({"who": "nobody"}))
    confirm(journey, batch.id)
    with journey.app.transaction() as db:
        again = imports.stage(db, journey.clinic_id, staged, by="sam", now=journey.now)
        assert again.mapping["fields"] == chosen


def test_confirming_twice_adds_once_and_the_rows_are_forgotten(journey: Journey) -> None:
    import_id = stage(journey, "Email\na@example.com\n", {"who": "nobody"})
    first, second = confirm(journey, import_id), confirm(journey, import_id)
    assert first.report == second.report
    assert (second.rows, total(journey)) == ([], 1)
    with journey.app.transaction() as db, pytest.raises(Conflict, match="already"):
        imports.discard(db, journey.clinic_id, import_id)


def test_a_day_later_staged_files_and_refused_rows_are_forgotten(journey: Journey) -> None:
    staged = stage(journey, "Email\nz@example.com\n")
    done = bring_in(journey, "Email\nbad\na@example.com\n", {"who": "nobody"})
    journey.clock.advance(timedelta(hours=24, seconds=1))
    journey.app.sweep()
    with journey.app.reading() as db:
        assert db.get(ImportBatch, staged) is None
        report = db.get_one(ImportBatch, done.id).report
    assert (report["total"], report["counts"]["refused"], "bad" in str(report)) == (2, 1, False)
    assert read_table(refused_csv(report).encode()).columns == ("error",)


def _on_hold(journey: Journey, client_id: str) -> None:
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, client_id, reason="r", by="sam", now=journey.now)


def _moved(journey: Journey, client_id: str) -> None:
    with journey.app.transaction() as db:
        clients.move_zone(db, journey.clinic_id, client_id, "Asia/Kathmandu", by="sam", now=journey.now)


def _left(journey: Journey, client_id: str) -> None:
    with journey.app.transaction() as db:
        consent.opt_out(db, client_id, "*", source="link", now=journey.now)


def _visited(journey: Journey, client_id: str) -> None:
    journey.visit(client_id)


@pytest.mark.parametrize("happens", [_on_hold, _moved, _left, _visited])
def test_undo_removes_those_with_whom_nothing_has_happened(journey: Journey, happens: Any) -> None:
    journey.add_client("known@example.com", first_name="")
    text = "Email,First name,Consent\n" + "".join(
        f"{who}@example.com,Ann,yes\n" for who in ("known", "a", "b", "c")
    )
    batch = bring_in(journey, text)
    someone = client_file.known(journey, "b@example.com")
    assert someone is not None
    happens(journey, someone.id)
    undone = undo(journey, batch.id)
    assert (undone.report["removed"], undone.report["kept"]) == (2, 1)
    assert [client_file.known(journey, f"{who}@example.com") is None for who in "abc"] == [True, False, True]
    assert name_of(journey, "known@example.com") == "Ann"
    assert undo(journey, batch.id).report == undone.report
    assert counts(bring_in(journey, text))["new"] == 2


def test_undo_is_possible_for_a_day_and_within_the_clinic(journey: Journey) -> None:
    batch = bring_in(journey, "Email\na@example.com\n", {"who": "nobody"})
    with journey.app.transaction() as db, pytest.raises(NotFound):
        imports.undo(db, "clc_other", batch.id, by="sam", now=journey.now)
    journey.clock.advance(timedelta(hours=24))
    assert imports.can_undo(batch, journey.now)
    journey.clock.advance(timedelta(seconds=1))
    with pytest.raises(Conflict, match="24 hours"):
        undo(journey, batch.id)
    assert total(journey) == 1


def test_the_audit_tells_who_and_how_many_without_an_address(journey: Journey) -> None:
    batch = bring_in(journey, "Email\na@example.com\n", {"who": "nobody"})
    with journey.app.reading() as db:
        entries = list(db.scalars(select(AuditEntry).where(AuditEntry.actor == "sam")))
    assert sorted(entry.action for entry in entries) == ["client.added", "import.done"]
    assert {entry.detail.get("import") or entry.subject for entry in entries} == {batch.id}
    assert "@" not in str([entry.detail for entry in entries])
    assert all(isinstance(entry.at, datetime) for entry in entries)
