"""What the tables say against what the SMTP server itself recorded."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from aftercare.models import Attempt, Client, Message

OPEN = ("planned", "claimed", "transmitting", "unknown")
ERROR = re.compile(r"^[\w.]+(?:Error|Exception|Detected|Shutdown)\b.{0,60}", re.MULTILINE)
COMPLAINTS = ("warning", "error", "critical")
VARYING = re.compile(r"\[[0-9a-f-]{36}\]|\d{4,}|'.*")
NEVER = datetime.max.replace(tzinfo=UTC)
AT_WORK = ("claimed", "transmitting")


@dataclass(frozen=True)
class Count:
    """The account of one run.

    `lost`: due emails that the server never received, whatever the tables say of them: one that is left to
    staff after a second doubt counts too, unless it did arrive; `shown_to_staff`: those left to staff;
    `extra`: copies beyond one per Message-ID; `unlisted`: of those, messages that are not marked as possible
    duplicates; `phantom`: received, but not sent according to the tables."""

    planned: int
    sent: int
    received: int
    lost: int
    shown_to_staff: int
    phantom: int
    extra: int
    unlisted: int
    doubled: frozenset[str]
    states: dict[str, int]


def take_account(engine: Engine, record: Path, tag: str, *, due_by: datetime = NEVER) -> Count:
    """Compare the emails of clients `<tag>-...` that were planned for `due_by` or earlier with the record."""
    copies = Counter(
        str(line["message_id"]) for line in read_record(record) if str(line["rcpt"]).startswith(f"{tag}-")
    )
    with Session(engine) as db:
        rows = db.execute(
            select(Message.id, Message.state, Message.reason, Message.mime_message_id)
            .join(Client, Client.id == Message.client_id)
            .where(Client.email.startswith(f"{tag}-"), Message.planned_for <= due_by)
        ).all()
        listed = set(db.scalars(select(Attempt.message_id).where(Attempt.possible_duplicate)))
    sent = [row for row in rows if row.state == "sent"]
    shown = [row for row in rows if (row.state, row.reason) == ("held", "ambiguous")]
    doubled = frozenset(row.id for row in rows if copies[row.mime_message_id] > 1)
    return Count(
        planned=len(rows),
        sent=len(sent),
        received=copies.total(),
        lost=sum(not copies[row.mime_message_id] for row in rows),
        shown_to_staff=len(shown),
        phantom=len(set(copies) - {row.mime_message_id for row in (*sent, *shown)}),
        extra=copies.total() - len(copies),
        unlisted=len(doubled - listed),
        doubled=doubled,
        states=dict(Counter(f"{row.state}:{row.reason or ''}" for row in rows)),
    )


def read_record(record: Path) -> list[dict[str, object]]:
    """The lines that the SMTP server wrote, one per message."""
    return [json.loads(line) for line in record.read_text().splitlines()]


def complaints(logs: Sequence[Path]) -> Counter[str]:
    """What the processes logged as warnings and errors, by event and kind of error."""
    lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
    events = (json.loads(line) for line in lines if line.startswith("{"))
    ours = Counter(_complaint(event) for event in events if event.get("level") in COMPLAINTS)
    raised = Counter(match[0] for line in lines if (match := ERROR.match(line)))
    return ours + raised


def _complaint(event: dict[str, str]) -> str:
    error = event.get("error") or event.get("exception", "").strip().rpartition("\n")[2]
    what = VARYING.sub("...", event["event"].strip().partition("\n")[0])
    return f"{what} {error}"[:140]


def count_open(engine: Engine) -> int:
    """How many messages are not final yet, those of other days left aside."""
    soon = func.now() + timedelta(hours=1)
    with Session(engine) as db:
        query = select(func.count()).where(Message.state.in_(OPEN), Message.planned_for < soon)
        return db.scalar(query) or 0


def count_begun(engine: Engine, tag: str) -> int:
    """How many messages of `tag` have been offered to the relay at least once."""
    of_tag = select(Client.id).where(Client.email.startswith(f"{tag}-"))
    with Session(engine) as db:
        query = select(func.count()).where(Message.attempts > 0, Message.client_id.in_(of_tag))
        return db.scalar(query) or 0


def transmitting(engine: Engine) -> frozenset[str]:
    """The messages that are on the wire, or were when their worker died."""
    with Session(engine) as db:
        return frozenset(db.scalars(select(Message.id).where(Message.state == "transmitting")))


def fences(engine: Engine) -> frozenset[str]:
    """The fences under which messages are claimed or on the wire."""
    with Session(engine) as db:
        query = select(Message.fence).where(Message.state.in_(AT_WORK)).distinct()
        return frozenset(str(fence) for fence in db.scalars(query))


def connected(engine: Engine) -> frozenset[str]:
    """Names of the processes that hold a connection to this database (PostgreSQL)."""
    query = text("SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()")
    with Session(engine) as db:
        return frozenset(db.scalars(query))


def rate(record: Path, tag: str) -> float:
    """Messages per second from the first to the last arrival (the SMTP server's clock)."""
    arrivals = [
        float(str(line["at"])) for line in read_record(record) if str(line["rcpt"]).startswith(f"{tag}-")
    ]
    span = max(arrivals, default=0.0) - min(arrivals, default=0.0)
    return (len(arrivals) - 1) / span if span else 0.0
