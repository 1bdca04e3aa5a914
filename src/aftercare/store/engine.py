"""Opens databases: SQLite and PostgreSQL by the same code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from aftercare.errors import ConfigurationError

BUSY_SECONDS = 30
CONNECT_SECONDS = 5
"""Of PostgreSQL. Without a limit, a host that vanished from the network holds each request for minutes."""


def open_engine(url: str) -> Engine:
    """An engine for `url`. SQLite: WAL, foreign keys on, explicit BEGIN (IMMEDIATE for writes), because
    the driver's own transactions start too late to keep two writers apart. Errors never repeat the values of
    a statement: Celery and web servers log them, and the values are addresses and names (P16)."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        patience = {} if "connect_timeout" in parsed.query else {"connect_timeout": CONNECT_SECONDS}
        engine = create_engine(
            url,
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=patience,
        )
        # Before SQLAlchemy looks at the connection: where texts are bytes, it fails in words of its own.
        event.listen(engine, "connect", _demand_utf8, insert=True)
        return engine
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _demand_utf8(dbapi_connection: Any, _record: Any) -> None:
    encoding = dbapi_connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise ConfigurationError(
            f"AFTERCARE_DATABASE_URL: the database must be UTF8, and this one is {encoding}. Make it anew: "
            "createdb --encoding UTF8 --template template0 --locale C"
        )


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back where an error leaves the block."""
    with Session(engine, expire_on_commit=False) as db, db.begin():
        yield db


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads; it never waits for a writer."""
    with Session(engine.execution_options(reads_only=True), expire_on_commit=False) as db, db.begin():
        yield db
