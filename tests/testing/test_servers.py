"""The throw-away servers: they come up, die on request and leave nothing behind."""

import contextlib
import os
import select
import subprocess
import sys

import psycopg
import pytest
import redis

from aftercare.testing.server_binaries import ServerMissing
from aftercare.testing.servers import PostgresServer, RedisServer

DIES_WITH_SERVERS_UP = """
import os
from aftercare.testing.servers import PostgresServer, RedisServer
with PostgresServer() as postgres, RedisServer() as redis:
    print((postgres.folder / "data" / "postmaster.pid").read_text().split()[0], redis.pid, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_a_new_database_has_what_its_template_has(postgres_server: PostgresServer) -> None:
    template = postgres_server.new_database("with_a_table")
    with psycopg.connect(template.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE visit (n int)")
    copy = postgres_server.new_database("copy_of_it", "with_a_table")
    with psycopg.connect(copy.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM visit").fetchone() == (0,)
    postgres_server.drop_database("with_a_table")
    postgres_server.drop_database("copy_of_it")


def test_a_durable_postgresql_keeps_fsync_on() -> None:
    with (
        PostgresServer(durable=True) as server,
        psycopg.connect(server.url.replace("+psycopg", "")) as connection,
    ):
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_killed_redis_comes_back_empty_at_the_same_address() -> None:
    with RedisServer() as server:
        url = server.url
        with redis.Redis.from_url(url) as client:
            client.set("queued", "1")
        server.kill()
        with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
            client.ping()
        server.start()
        assert server.url == url
        with redis.Redis.from_url(url) as client:
            assert client.exists("queued") == 0


def test_a_killed_postgresql_comes_back_with_what_it_had_confirmed() -> None:
    with PostgresServer(durable=True) as server:
        address = server.url
        with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (1)")
            server.kill()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        server.start()
        assert server.url == address
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]


def test_redis_takes_options_and_starts_from_a_clean_slate(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("left", "behind")
        redis_server.flushall()
        assert client.exists("left") == 0
    with RedisServer("--maxmemory", "5mb") as server, redis.Redis.from_url(server.url) as client:
        assert client.config_get("maxmemory") == {"maxmemory": str(5 * 1024 * 1024)}


def test_a_given_redis_is_shared_by_database_number_and_never_killed(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERCARE_TEST_REDIS_URL", redis_server.url)
    with RedisServer(database=9) as guest, redis.Redis.from_url(redis_server.url) as host:
        host.set("mine", "1")
        guest.flushall()
        assert guest.url.endswith("/9")
        assert host.exists("mine") == 1
        with pytest.raises(ServerMissing, match="not ours to kill"):
            guest.kill()


def test_a_given_postgresql_is_used(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_TEST_POSTGRES_URL", postgres_server.url.replace("+psycopg", ""))
    with PostgresServer() as guest:
        assert guest.url == postgres_server.url


def test_servers_do_not_outlive_a_python_that_was_killed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIES_WITH_SERVERS_UP], capture_output=True, text=True, check=False
    )
    for pid in map(int, done.stdout.split()):
        with contextlib.suppress(ProcessLookupError):
            ended, _, _ = select.select([os.pidfd_open(pid)], [], [], 20)
            assert ended
