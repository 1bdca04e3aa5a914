"""A list comes in by parts: interrupted, twice at once, never taken up again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from aftercare.errors import Conflict
from aftercare.flows import import_confirm, imports
from aftercare.flows.import_basis import Basis
from aftercare.models import Client, Consent, ImportBatch
from aftercare.testing.inline import InlineApp
from tests import client_file
from tests.client_file import BASIS, COUNTS
from tests.flows.importing import confirm, stage, total, undo
from tests.journeys.harness import Journey

PEOPLE = 205
"""Rows of the list that are neither refused nor doubles."""


@dataclass
class Watched(InlineApp):
    """An app that says which of its transactions comes next, counted from 1."""

    before: Callable[[int], None] = print
    count: int = 0

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        self.count += 1
        self.before(self.count)
        with super().transaction() as db:
            yield db


@pytest.fixture
def journey(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> Journey:
    """The clinic that the list meets, with parts that are small beside it."""
    monkeypatch.setattr(import_confirm, "PART", 50)
    client_file.furnish(journey)
    return journey


def bring_in(journey: Journey, import_id: str, before: Callable[[int], None]) -> int:
    """Bring the file in; how many transactions that took."""
    known = {field.name: getattr(journey.app, field.name) for field in fields(InlineApp)}
    app = Watched(**known, before=before)
    import_confirm.confirm(app, journey.clinic_id, import_id, by="sam", now=journey.now)
    return app.count


def killed(number: int) -> None:
    """At the third part: the first transaction only begins."""
    if number == 4:
        raise KeyboardInterrupt


def batch_of(journey: Journey, import_id: str) -> ImportBatch:
    """The import as it stands."""
    with journey.app.reading() as db:
        return db.get_one(ImportBatch, import_id)


def carried_by(journey: Journey, import_id: str) -> int:
    """How many people are in by now."""
    return int(batch_of(journey, import_id).report.get("carried", 0))


def rows(journey: Journey) -> tuple[int, int]:
    """How many clients and consents there are."""
    return total(journey, Client), total(journey, Consent)


def test_what_was_interrupted_goes_on_where_it_stopped_and_counts_each_row_once(journey: Journey) -> None:
    import_id = stage(journey, client_file.text())
    with pytest.raises(KeyboardInterrupt):
        bring_in(journey, import_id, killed)
    begun = batch_of(journey, import_id)
    assert (begun.state, begun.report["carried"], begun.report["people"]) == ("begun", 100, PEOPLE)
    with journey.app.transaction() as db, pytest.raises(Conflict):
        imports.choose(db, journey.clinic_id, import_id, {"email": "Email"}, Basis.read(BASIS))
    with pytest.raises(Conflict):
        undo(journey, import_id)

    done = confirm(journey, import_id)
    assert (done.state, done.rows, done.report["counts"]) == ("done", [], COUNTS)
    assert len(done.report["stays"]) == COUNTS["stays_unsubscribed"]
    assert done.report["total"] == sum(COUNTS.values())


def test_two_who_bring_it_in_at_once_bring_everybody_in_once(journey: Journey) -> None:
    import_id = stage(journey, client_file.text())

    def meanwhile(number: int) -> None:
        if number == 3:
            confirm(journey, import_id)

    assert bring_in(journey, import_id, meanwhile) == 3
    assert batch_of(journey, import_id).report["counts"] == COUNTS
    before = rows(journey)
    confirm(journey, import_id)
    assert rows(journey) == before


def test_people_whose_emails_are_planned_anew_come_in_small_parts(journey: Journey) -> None:
    for number in range(6):
        maya = journey.add_client(f"zoneless{number}@example.com")
        with journey.app.transaction() as db:
            db.get_one(Client, maya).timezone = None
    rows = "".join(f"zoneless{number}@example.com,Europe/Paris\n" for number in range(6))
    import_id = stage(journey, "Email,Time zone\n" + rows, {"who": "nobody"})
    carried: list[int] = []
    bring_in(journey, import_id, lambda _: carried.append(carried_by(journey, import_id)))
    assert carried == [0, 0, 2, 4, 6]
    assert batch_of(journey, import_id).report["counts"]["updated"] == 6


def test_choices_that_change_while_the_file_is_read_are_not_carried_out(journey: Journey) -> None:
    import_id = stage(journey, client_file.text())

    def meanwhile(number: int) -> None:
        if number == 1:
            with journey.app.transaction() as db:
                basis = Basis.read({"who": "nobody"})
                imports.choose(db, journey.clinic_id, import_id, {"email": "Email"}, basis)

    before = rows(journey)
    with pytest.raises(Conflict, match="changed the choices"):
        bring_in(journey, import_id, meanwhile)
    assert rows(journey) == before


def test_what_nobody_takes_up_again_ends_and_forgets_its_rows(journey: Journey) -> None:
    import_id = stage(journey, client_file.text())
    with pytest.raises(KeyboardInterrupt):
        bring_in(journey, import_id, killed)
    journey.clock.advance(timedelta(hours=47))
    journey.app.sweep()
    assert batch_of(journey, import_id).state == "begun"
    journey.clock.advance(timedelta(hours=2))
    journey.app.sweep()
    ended = batch_of(journey, import_id)
    assert (ended.state, ended.rows, ended.report["carried"]) == ("done", [], 100)
    undone = undo(journey, import_id)
    assert undone.report["removed"] == 100
