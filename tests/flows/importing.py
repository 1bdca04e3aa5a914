"""Bringing a list in, step by step, for tests."""

from typing import Any

from sqlalchemy import func, select

from aftercare.flows import import_confirm, imports
from aftercare.flows.import_basis import Basis
from aftercare.models import Client, ImportBatch
from aftercare.store import consents
from tests import client_file
from tests.client_file import BASIS
from tests.journeys.harness import Journey


def stage(journey: Journey, text: str, basis: dict[str, Any] | None = None, encoding: str = "utf-8") -> str:
    """A staged file with its guess taken and its consent declared; its id."""
    staged = imports.read_file(text.encode(encoding))
    with journey.app.transaction() as db:
        batch = imports.stage(db, journey.clinic_id, staged, by="sam", now=journey.now)
        imports.choose(db, journey.clinic_id, batch.id, staged.fields, Basis.read(basis or BASIS))
        return batch.id


def confirm(journey: Journey, import_id: str) -> ImportBatch:
    """Bring it in."""
    return import_confirm.confirm(journey.app, journey.clinic_id, import_id, by="sam", now=journey.now)


def bring_in(journey: Journey, text: str, basis: dict[str, Any] | None = None) -> ImportBatch:
    """Stage and bring in."""
    return confirm(journey, stage(journey, text, basis))


def counts(batch: ImportBatch) -> dict[str, int]:
    """What happened, without the zeros."""
    return {fate: count for fate, count in batch.report["counts"].items() if count}


def total(journey: Journey, table: type[Any] = Client) -> int:
    """How many rows there are."""
    with journey.app.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def name_of(journey: Journey, address: str) -> str:
    """The first name of the client with this address."""
    client = client_file.known(journey, address)
    assert client is not None
    return client.first_name


def undo(journey: Journey, import_id: str) -> ImportBatch:
    """Take it back."""
    with journey.app.transaction() as db:
        return imports.undo(db, journey.clinic_id, import_id, by="sam", now=journey.now)


def consents_now(journey: Journey, address: str) -> dict[str, bool]:
    """Topic -> whether consent to it is in force."""
    client = client_file.known(journey, address)
    assert client is not None
    with journey.app.reading() as db:
        return {topic: record.given for topic, record in consents.current(db, client.id).items()}
