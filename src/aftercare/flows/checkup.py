"""What `aftercare doctor` looks at: each part of an installation, what was found, and how to mend it.

Nothing here prints a password or a person: of a URL only host and port, of the database's own words none."""

import http.client
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from sqlalchemy.exc import DBAPIError

from aftercare import migrations, queue
from aftercare.clock import SystemClock
from aftercare.errors import ConfigurationError
from aftercare.flows import checkup_lines, checkup_mail, checkup_settings
from aftercare.flows.findings import Finding, State, fail, ok, warn
from aftercare.flows.tools import Tools
from aftercare.store import safety, settings

__all__ = ["CHECKS", "Finding", "Readiness", "State", "examine", "readiness"]

SWEEP_LATE = timedelta(seconds=90)
"""Workers sweep every half minute even without a beat, so three are missing (reliability section 3)."""

CLOCK_APART = timedelta(seconds=2)
MANY_WAIT = 1000
VISIT_SECONDS = 5
START = "sudo systemctl start {0} (Docker: docker compose up -d {1})"
START_WORKER = f"Start one: {START.format('aftercare-worker', 'worker')}."
START_BEAT = f"Start it: {START.format('aftercare-beat', 'beat')}."
START_BROKER = START.format("redis-server", "redis")
START_DATABASE = START.format("postgresql", "postgres")


@dataclass(frozen=True)
class Readiness:
    """Whether the web can serve people. `why` it cannot; seconds since the last sweep, None: never."""

    why: str = ""
    sweep_age_seconds: float | None = None


def readiness(tools: Tools) -> Readiness:
    """The database answers and has the tables that this program needs. Workers that are away do not count:
    people must be able to unsubscribe all the same."""
    with tools.reading() as db:
        revision = migrations.revision(db)
        if _is_behind(revision):
            return Readiness("The database has not been migrated. Run aftercare migrate.")
        swept = settings.last_beat(db, "sweep")
    age = None if swept is None else (tools.clock.unshifted() - swept).total_seconds()
    return Readiness(sweep_age_seconds=age)


def examine(tools: Tools, parts: Sequence[str]) -> Iterator[Finding]:
    """Look at these parts, in this order. An error of the database is a finding, never an exception."""
    for part in parts:
        try:
            yield CHECKS[part](tools)
        except DBAPIError:
            yield fail(part, "cannot be asked, because the database cannot be used", "See 'database'.")
        except ConfigurationError as error:
            yield fail(part, "cannot be asked with these settings", str(error))


def check_database(tools: Tools) -> Finding:
    """Reachable, migrated, and as safe as a send needs it to be."""
    where = place(tools.settings.database)
    try:
        with tools.reading() as db:
            revision, unsafe = migrations.revision(db), safety.switched_off(db)
    except DBAPIError as error:
        return unreachable(where, str(error.orig))
    if revision is None:
        return fail("database", f"{where} has no tables", "New installation: aftercare init.")
    if _is_behind(revision):
        return fail("database", f"{where} has the tables of an older version", "Run aftercare migrate.")
    if revision != migrations.revisions()[0]:
        return warn("database", f"{where} belongs to a newer version", "Update this program as well.")
    if unsafe:
        names = ", ".join(unsafe)
        return warn(
            "database", f"{where} runs with {names} off", f"Switch {names} on: a crash could double emails."
        )
    return ok("database", f"{where} answers and is migrated")


def check_broker(tools: Tools) -> Finding:
    """Reachable, and no heap of tasks in it."""
    if _in_memory(tools):
        return ok("broker", "in memory, inside `aftercare serve`")
    where, waiting = place(tools.settings.broker_url), queue.waiting()
    if waiting is None:
        return fail(
            "broker",
            f"{where} does not answer",
            f"Start Redis: {START_BROKER}, and check host, port and password of "
            "AFTERCARE_BROKER_URL. Nothing is lost meanwhile, but nothing is sent either.",
        )
    if waiting > MANY_WAIT:
        return warn("broker", f"{waiting} tasks wait at {where}", f"More workers are needed. {START_WORKER}")
    return ok("broker", f"{where} answers; {waiting} tasks wait")


def check_workers(tools: Tools) -> Finding:
    """Somebody answers a ping through the broker."""
    if _in_memory(tools):
        return ok("workers", "threads of `aftercare serve`; 'sweep' tells whether they work")
    count = queue.workers_that_answer()
    if count == 0:
        return fail("workers", "none answers", f"See 'broker' first. {START_WORKER}")
    return ok("workers", f"{count} answered")


def check_sweep(tools: Tools) -> Finding:
    """The engine's pulse: due emails are found by it."""
    age = _age(tools, "sweep")
    if age is None:
        return fail("sweep", "there has never been one", f"Emails wait for it. {_restart(tools)}")
    if age > SWEEP_LATE:
        return fail("sweep", f"the last one was {_in_words(age)} ago", f"Emails wait. {_restart(tools)}")
    return ok("sweep", f"the last one was {_in_words(age)} ago")


def check_beat(tools: Tools) -> Finding:
    """Somebody asks for sweeps every few seconds; without, workers do it themselves, more slowly."""
    age = _age(tools, "beat")
    if age is not None and not _is_late(age):
        return ok("beat", f"it last asked for a sweep {_in_words(age)} ago")
    if _in_memory(tools):
        return warn("beat", "it does not ask for sweeps", _restart(tools))
    if _is_late(_age(tools, "sweep")) and not queue.workers_that_answer():
        return warn("beat", "cannot be seen while no worker answers", "See 'workers'.")
    since = "never" if age is None else f"last {_in_words(age)} ago"
    return warn("beat", f"it asked {since}; emails are up to half a minute late", START_BEAT)


def check_clock(tools: Tools) -> Finding:
    """The database's clock decides what is due; this computer's stands in logs."""
    before = SystemClock().unshifted()
    theirs = tools.clock.unshifted()
    middle = before + (SystemClock().unshifted() - before) / 2
    apart = abs(theirs - middle)
    if apart >= CLOCK_APART:
        return fail(
            "clock",
            f"the database's clock and this computer's are {_in_words(apart)} apart",
            "Let both follow a time server: timedatectl set-ntp true.",
        )
    return ok("clock", f"{apart.total_seconds():.1f} s between the database's clock and this computer's")


def check_web(tools: Tools) -> Finding:
    """The address that stands in every email is answered by us."""
    url = tools.settings.public_url
    problem = _visit(url)
    if problem is None:
        return ok("web", f"{url} answers")
    return fail(
        "web",
        f"{url} cannot be opened from here ({problem})",
        "Check DNS, the proxy and its certificate, and that aftercare serve runs: emails link there.",
    )


def place(url: str) -> str:
    """Host and port, or the file, that a URL names; never user and password."""
    parts = urlsplit(url)
    if not parts.hostname and parts.scheme.startswith("postgres"):
        return "PostgreSQL on this computer"
    if not parts.hostname:
        return f"the file {parts.path.removeprefix('/')}"
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname


def unreachable(where: str, said: str) -> Finding:
    """What keeps us from PostgreSQL. `said` is the driver's text: looked at, never passed on, since it may
    name users and databases."""
    if "password authentication failed" in said:
        return fail("database", f"{where} refuses the password", "Check it in AFTERCARE_DATABASE_URL.")
    if "does not exist" in said:
        return fail(
            "database",
            f"{where} knows no such user or database",
            "Create both (docs/guide/production.md), or check the names in AFTERCARE_DATABASE_URL.",
        )
    return fail(
        "database",
        f"{where} does not answer",
        f"Start PostgreSQL: {START_DATABASE}, and check host and port of AFTERCARE_DATABASE_URL.",
    )


def _visit(url: str) -> str | None:
    """What keeps `url`/healthz from answering 200, in a word; None where it does."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=VISIT_SECONDS)
    try:
        connection.request("GET", f"{parts.path}/healthz")
        status = connection.getresponse().status
        return None if status == HTTPStatus.OK else str(status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def _is_behind(revision: str | None) -> bool:
    """A revision that we do not know is of a newer version, whose tables are made to suit us too."""
    known = migrations.revisions()
    return revision is None or revision in known[1:]


def _in_memory(tools: Tools) -> bool:
    return tools.settings.broker_url.startswith("memory:")


def _restart(tools: Tools) -> str:
    return "Start aftercare serve." if _in_memory(tools) else "See 'broker', then 'workers'."


def _age(tools: Tools, name: str) -> timedelta | None:
    with tools.reading() as db:
        seen: datetime | None = settings.last_beat(db, name)
    return None if seen is None else tools.clock.unshifted() - seen


def _is_late(age: timedelta | None) -> bool:
    return age is None or age > SWEEP_LATE


def _in_words(length: timedelta) -> str:
    seconds = max(round(length.total_seconds()), 0)
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


CHECKS: dict[str, Callable[[Tools], Finding]] = {
    "database": check_database,
    "broker": check_broker,
    "workers": check_workers,
    "sweep": check_sweep,
    "beat": check_beat,
    "clock": check_clock,
    "settings": checkup_settings.check_settings,
    "secrets": checkup_settings.check_secrets,
    "mail": checkup_mail.check_mail,
    "smtp": checkup_mail.check_smtp,
    "sender": checkup_mail.check_sender,
    "templates": checkup_mail.check_templates,
    "address": checkup_mail.check_address,
    "visits": checkup_lines.check_visits,
    "helplines": checkup_lines.check_lines,
    "contacts": checkup_lines.check_contacts,
    "web": check_web,
}
