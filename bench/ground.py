"""A small production for one run: PostgreSQL, Redis, a recording SMTP server, workers and beats, all real."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import Engine

from aftercare import bootstrap
from aftercare.bootstrap import App
from aftercare.config import Settings
from aftercare.migrations import upgrade
from aftercare.testing.processes import Processes, Running
from aftercare.testing.servers import PostgresServer, RedisServer, free_port
from bench import ledger, seeding
from bench.seeding import Stage

ROOT = Path(__file__).parents[1]
SECRET = "1:a-secret-that-is-only-ever-used-in-benchmarks-0123456789"  # noqa: S105 - nothing real uses it
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Pace:
    """How long things take, in seconds: much shorter than in production, so that a run ends in minutes.

    `delay_ms`: the SMTP server thinks so long over each message, which makes kills hit more of them."""

    sweep: float = 1
    lease: float = 5
    reconcile: float = 3
    delay_ms: int = 0


@dataclass
class Ground:
    """What stands. `workers` and `beats` change as they are killed and started again."""

    app: App
    stage: Stage
    postgres: PostgresServer
    redis: RedisServer
    processes: Processes
    pace: Pace
    record: Path
    smtp: Running
    concurrency: int
    workers: list[Running] = field(default_factory=list)
    beats: list[Running] = field(default_factory=list)
    webs: list[Running] = field(default_factory=list)
    started: int = 0
    port: int = 0

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.app.engine

    def start_worker(self) -> Running:
        """One more worker; its name has never been used before."""
        self.started += 1
        worker = self.processes.worker(f"worker-{self.started}", concurrency=self.concurrency)
        self.workers.append(worker)
        return worker

    def start_beats(self, count: int = 2) -> None:
        """So many beats: doubled sweeps must change nothing (P12)."""
        first = len(self.beats) + 1
        self.beats += [self.processes.beat(f"beat-{number}") for number in range(first, first + count)]

    def start_web(self) -> None:
        """`aftercare serve`; after a kill again at the same address."""
        self.port = self.port or free_port()
        self.webs.append(self.processes.start("web", "aftercare.cli", "serve", "--port", str(self.port)))

    def answers(self) -> bool:
        """Whether the web is ready to work."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def at_work(self) -> bool:
        """Whether every worker has opened the database, which its children do at their first task."""
        return {worker.name for worker in self.workers} <= ledger.connected(self.engine)

    def plan(self, tag: str, count: int, *, first: int = 0) -> None:
        """Write `count` emails that are due now."""
        seeding.plan_emails(self.app, self.stage, tag, count, first=first)

    def complaints(self) -> str:
        """What workers and beats complained of, most frequent first."""
        found = ledger.complaints(sorted(self.processes.folder.glob("*.log")))
        return "\n".join(f"{count:>5} x {what}" for what, count in found.most_common(12))

    def drained(self) -> bool:
        """Whether every message is final."""
        return ledger.count_open(self.engine) == 0


@contextmanager
def open_ground(
    pace: Pace, *, concurrency: int = 1, postgres: PostgresServer | None = None
) -> Iterator[Ground]:
    """Start the servers, migrate, set the stage. Workers and beats are the caller's to start.

    Without `postgres`, one that syncs to disk as in production is started."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aftercare-chaos-")))
        postgres = postgres or stack.enter_context(PostgresServer(durable=True))
        redis = stack.enter_context(RedisServer())
        url = postgres.new_database(f"aftercare_{time.time_ns()}")
        stack.callback(postgres.drop_database, url.rsplit("/", 1)[1].partition("?")[0])
        upgrade(url)
        processes = stack.enter_context(Processes(folder, ROOT, {}))
        smtp, smtp_url = processes.smtp(folder / "record.jsonl", delay_ms=pace.delay_ms)
        settings = _settings(pace, folder, url, redis.url, smtp_url)
        processes.environment |= _environment(settings)
        app = bootstrap.build(settings)
        stack.callback(app.close)
        stage = seeding.set_stage(app)
        yield Ground(app, stage, postgres, redis, processes, pace, folder / "record.jsonl", smtp, concurrency)


def wait_until(what: Callable[[], bool], seconds: float, whenever: Callable[[], None] = lambda: None) -> bool:
    """True once `what()`; False after `seconds`. `whenever` is called in between."""
    give_up = time.monotonic() + seconds
    while not what():
        if time.monotonic() > give_up:
            return False
        whenever()
        time.sleep(POLL_SECONDS)
    return True


def _settings(pace: Pace, folder: Path, database: str, broker: str, smtp: str) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=database,
        broker_url=broker,
        smtp_url=smtp,
        secret_key=SECRET,
        sweep_every=pace.sweep,
        lease_seconds=pace.lease,
        reconcile_seconds=pace.reconcile,
    )


def _environment(settings: Settings) -> dict[str, str]:
    return {
        f"AFTERCARE_{name.upper()}": str(value)
        for name, value in settings.model_dump(exclude_unset=True).items()
    }
