"""A PostgreSQL database that many tests use one after the other: a new one for each test would cost a tenth
of a second, and its first connections know nothing of the tables yet."""

from typing import Any

import psycopg
from psycopg import Connection, sql

from aftercare.testing.servers import PostgresServer

CROWD = 30
"""Connections that tests have left open; more of them are thrown out."""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
COLUMNS = (
    "SELECT count(*), max(attrelid::bigint) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
    "WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped"
)
THROW_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND (state <> 'idle' OR (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) > %s)"
)


class CleanDatabase:
    """A copy of the database `template`, at `url`. After `restore()` its rows are those of the template
    again, whatever a test has done to rows or tables. Where the login may not switch off foreign keys for
    itself, the database is made anew each time."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self.server, self.template, self.name = server, template, f"{template}_test"
        self.connection: Connection[Any]
        self.url = self._make()

    def restore(self) -> None:
        """As the template is. Whoever is in the middle of a transaction is thrown out."""
        try:
            is_restored = self._restore(self.connection)
        except psycopg.OperationalError:  # a test has stopped the server, or thrown us out
            self.connection = self._connect()
            is_restored = self._restore(self.connection)
        if not is_restored:
            self.drop()
            self._make()

    def _restore(self, connection: "Connection[Any]") -> bool:
        with connection.transaction():
            connection.execute(THROW_OUT, [CROWD])
            is_same = self._may_restore(connection) and self._columns(connection) == self.columns
            if is_same:
                self._put_back(connection)
        return is_same

    def drop(self) -> None:
        """Remove it."""
        self.connection.close()
        self.server.drop_database(self.name)

    def _make(self) -> str:
        url = self.server.new_database(self.name, self.template)
        self.address = url.replace("+psycopg", "", 1)
        # Kept, since what a connection has learned of the tables costs more than to empty them.
        connection = self.connection = self._connect()
        self.columns = self._columns(connection)
        self.tables = [sql.Identifier(name) for (name,) in connection.execute(TABLES)]
        self.rows = [(table, rows) for table in self.tables if (rows := _read(connection, table))]
        deletions = [sql.SQL("DELETE FROM {}").format(table) for table in self.tables]
        self.deletions = sql.SQL("; ").join(deletions).as_string(connection)
        return url

    def _connect(self) -> "Connection[Any]":
        return psycopg.connect(self.address, autocommit=True)

    def _put_back(self, connection: "Connection[Any]") -> None:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(self.deletions.encode())
        for table, rows in self.rows:
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                copy.write(rows)

    @staticmethod
    def _may_restore(connection: "Connection[Any]") -> bool:
        return connection.info.parameter_status("is_superuser") == "on"

    @staticmethod
    def _columns(connection: "Connection[Any]") -> Any:
        return connection.execute(COLUMNS).fetchone()


def _read(connection: "Connection[Any]", table: sql.Identifier) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as copy:
        return b"".join(map(bytes, copy))
