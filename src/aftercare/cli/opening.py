"""What the commands share: opening the app, naming the clinic, printing."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from aftercare import bootstrap
from aftercare.bootstrap import App
from aftercare.config import read_settings
from aftercare.logs import configure_logging
from aftercare.store import clinics

ClinicOption = Annotated[str, typer.Option("--clinic", help="Id of the clinic, where there are several.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BY = "cli"


def open_app() -> App:
    """The app of the settings in the environment."""
    configure_logging()
    app = bootstrap.build(read_settings())
    bootstrap.use(app)
    return app


@contextmanager
def transaction(app: App, clinic_id: str) -> Iterator[tuple[Session, str, datetime]]:
    """A transaction, the clinic's id (the only one's, where none was named) and the time. NotFound."""
    now = app.clock.now()
    with app.transaction() as db:
        yield db, (clinics.get(db, clinic_id) if clinic_id else clinics.only(db)).id, now


@contextmanager
def reading(app: App, clinic_id: str) -> Iterator[tuple[Session, str, datetime]]:
    """As `transaction`, where nothing is written: nobody waits for it, however long it takes."""
    now = app.clock.now()
    with app.reading() as db:
        yield db, (clinics.get(db, clinic_id) if clinic_id else clinics.only(db)).id, now


def print_rows(
    rows: Sequence[Mapping[str, Any]], *, as_json: bool, shown: Sequence[str], title: str = ""
) -> None:
    """Rows as JSON, or the columns `shown` as a table for people."""
    if as_json:
        print(json.dumps(list(rows), indent=2))
        return
    table = Table(title=title or None)
    for column in shown:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if row[column] is None else str(row[column]) for column in shown))
    Console().print(table if rows else "Nothing here yet.", markup=False)


def print_made(made: Mapping[str, str], *, as_json: bool) -> None:
    """What a command made: the first value, which scripts go on with; all of them as JSON."""
    print(json.dumps(made) if as_json else next(iter(made.values())))


def say(text: str) -> None:
    """Talk goes to stderr, so that stdout stays data."""
    print(text, file=sys.stderr)


def utc(instant: datetime | None) -> str | None:
    """RFC 3339 with Z, whole seconds."""
    if instant is None:
        return None
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
